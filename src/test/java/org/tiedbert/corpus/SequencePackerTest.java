package org.tiedbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Legend: 2 is [CLS], 3 is [SEP], 0 is [PAD]. */
class SequencePackerTest {
  private record Sequence(int[] inputIds, int[] segmentIds, int nextSentenceLabel) {}

  private static final class Collected implements SequencePacker.Sink {
    final List<Sequence> sequences = new ArrayList<>();
    int numDropped;

    @Override
    public void sequence(int[] inputIds, int[] segmentIds, int nextSentenceLabel) {
      sequences.add(new Sequence(inputIds.clone(), segmentIds.clone(), nextSentenceLabel));
    }

    @Override
    public void dropped(int numTokens) {
      numDropped += numTokens;
    }

    List<int[]> inputIds() {
      return sequences.stream().map(Sequence::inputIds).toList();
    }
  }

  private static Collected pack(Packing packing, int maxSeqLength, List<List<int[]>> documents) {
    Collected collected = new Collected();
    packing.packer(TinyVocabulary.letters(), maxSeqLength, 7).pack(documents, collected);
    return collected;
  }

  @Test
  void fillsAcrossParagraphsButNotAcrossDocuments() {
    // given: 5 tokens in two paragraphs, then 4 tokens; a sequence of 6 takes 4
    List<List<int[]>> documents =
        List.of(
            List.of(new int[] {5, 6, 7}, new int[] {8, 9}), List.of(new int[] {10, 11, 12, 13}));
    // when
    Collected packed = pack(new Packing.WithinDocument(1), 6, documents);
    // then
    assertThat(packed.inputIds())
        .containsExactly(
            new int[] {2, 5, 6, 7, 8, 3},
            new int[] {2, 9, 3, 0, 0, 0},
            new int[] {2, 10, 11, 12, 13, 3});
    assertThat(packed.numDropped).isZero();
  }

  @Test
  void dropsARemainderBelowTheMinimum() {
    Collected packed =
        pack(new Packing.WithinDocument(2), 6, List.of(List.of(new int[] {5, 6, 7, 8, 9})));
    assertThat(packed.inputIds()).containsExactly(new int[] {2, 5, 6, 7, 8, 3});
    assertThat(packed.numDropped).isEqualTo(1);
  }

  @Test
  void joinsDocumentsWithASeparator() {
    // given: 2, 0, 3 and 2 tokens; the third document begins with one place left after its [SEP]
    List<List<int[]>> documents =
        List.of(
            List.of(new int[] {5, 6}),
            List.of(new int[0]),
            List.of(new int[] {7, 8, 9}),
            List.of(new int[] {10, 11}),
            List.of(new int[] {12}));
    // when
    Collected packed = pack(new Packing.AcrossDocuments(1), 6, documents);
    // then: a [SEP] that would be followed by the sequence's own is left out
    assertThat(packed.inputIds())
        .containsExactly(
            new int[] {2, 5, 6, 3, 7, 3},
            new int[] {2, 8, 9, 3, 10, 3},
            new int[] {2, 11, 3, 12, 3, 0});
  }

  @Test
  void aSeparatorIsNotTheLastTokenBeforeTheLast() {
    Collected packed =
        pack(
            new Packing.AcrossDocuments(1),
            6,
            List.of(List.of(new int[] {5, 6, 7}), List.of(new int[] {8})));
    assertThat(packed.inputIds())
        .containsExactly(new int[] {2, 5, 6, 7, 3, 0}, new int[] {2, 8, 3, 0, 0, 0});
  }

  /** 40 documents of 12 sentences of 1 to 9 tokens; a token says its document: id % 40. */
  private static List<List<int[]>> pairCorpus() {
    return IntStream.range(0, 40)
        .mapToObj(
            document ->
                IntStream.range(0, 12)
                    .mapToObj(
                        sentence ->
                            IntStream.range(0, 1 + (document * 5 + sentence * 7) % 9)
                                .map(token -> 40 * (1 + sentence * 10 + token) + document)
                                .toArray())
                    .toList())
        .toList();
  }

  @Test
  void pairsAreWellFormed() {
    Collected packed = pack(Packing.BERT_SENTENCE_PAIRS, 24, pairCorpus());
    for (Sequence sequence : packed.sequences) {
      int[] ids = sequence.inputIds();
      int[] separators = IntStream.range(0, 24).filter(i -> ids[i] == 3).toArray();
      assertThat(ids[0]).isEqualTo(2);
      assertThat(separators).hasSize(2);
      assertThat(separators[0]).isGreaterThan(1);
      assertThat(separators[1]).isGreaterThan(separators[0] + 1);
      for (int i = 0; i < 24; i++) {
        assertThat(sequence.segmentIds()[i])
            .isEqualTo(i > separators[0] && i <= separators[1] ? 1 : 0);
        assertThat(ids[i] == 0).isEqualTo(i > separators[1]);
      }
    }
  }

  @Test
  void theLabelSaysWhetherTheSecondSegmentFollows() {
    Collected packed = pack(new Packing.SentencePairs(0.1, 4), 24, pairCorpus());
    int numRandom = 0;
    for (Sequence sequence : packed.sequences) {
      int[] ids = sequence.inputIds();
      int documentOfA = ids[1] % 40;
      int documentOfB = firstOfB(ids) % 40;
      assertThat(documentOfA != documentOfB).isEqualTo(sequence.nextSentenceLabel() == 1);
      numRandom += sequence.nextSentenceLabel();
    }
    // half of the pairs, and those that were made of a single sentence; σ = 0.5/√n
    double share = (double) numRandom / packed.sequences.size();
    assertThat(share).isBetween(0.5 - 2 / Math.sqrt(packed.sequences.size()), 0.65);
  }

  @Test
  void unusedSentencesArePutBack() {
    // given: without short pairs and cutting, A segments and true B segments tile each document
    Collected packed = pack(new Packing.SentencePairs(0, 1), 512, pairCorpus());
    // when: 12 sentences of at most 9 tokens always fit, so each document is one pair, or a pair
    // with a random B followed by pairs of what was put back
    int numTokensOfDocuments =
        pairCorpus().stream().flatMap(List::stream).mapToInt(sentence -> sentence.length).sum();
    int used = 0;
    for (Sequence sequence : packed.sequences) {
      int[] ids = sequence.inputIds();
      for (int i = 1; ids[i] != 3; i++) {
        used++;
      }
      if (sequence.nextSentenceLabel() == 0) {
        used += Arrays.stream(sequence.segmentIds()).sum() - 1; // its [SEP]
      }
    }
    // then
    assertThat(used).isEqualTo(numTokensOfDocuments);
  }

  @Test
  void shortPairsAreAsFrequentAsAsked() {
    // given: documents of 400 sentences of one token, so that a pair has the length it aims at
    List<List<int[]>> documents =
        IntStream.range(0, 400)
            .mapToObj(
                document ->
                    IntStream.range(0, 60).mapToObj(i -> new int[] {5 + document % 20}).toList())
            .toList();
    // when: the target is drawn once a document; its first pair shows it unless it fills the room
    Collected never = pack(new Packing.SentencePairs(0, 1), 23, documents);
    Collected often = pack(new Packing.SentencePairs(1, 1), 23, documents);
    // then
    assertThat(meanLength(never)).isGreaterThan(17);
    assertThat(meanLength(often)).isCloseTo(meanLength(never) / 2, within(4.0));
  }

  private static double meanLength(Collected packed) {
    return packed.sequences.stream()
        .mapToLong(sequence -> Arrays.stream(sequence.inputIds()).filter(id -> id > 4).count())
        .average()
        .orElseThrow();
  }

  @Test
  void theLongerSegmentIsCutAtEitherEnd() {
    // given: A of 3 tokens and B of 40 in room for 13
    int[] b = IntStream.range(100, 140).toArray();
    List<List<int[]>> documents = List.of(List.of(new int[] {5, 6, 7}, b));
    // when
    Collected packed = pack(new Packing.SentencePairs(0, 20), 16, documents);
    // then: A is whole, B lost 30 tokens, some in front and some behind
    for (Sequence sequence : packed.sequences) {
      if (sequence.nextSentenceLabel() == 0) {
        int first = firstOfB(sequence.inputIds());
        assertThat(sequence.inputIds()).startsWith(2, 5, 6, 7, 3).endsWith(first + 9, 3);
        assertThat(first).isBetween(101, 129);
      }
    }
    assertThat(packed.sequences).anyMatch(sequence -> sequence.nextSentenceLabel() == 0);
  }

  private static int firstOfB(int[] inputIds) {
    int i = 0;
    while (inputIds[i] != 3) {
      i++;
    }
    return inputIds[i + 1];
  }

  @Test
  void theSameSeedMakesTheSamePairs() {
    Collected one = pack(Packing.BERT_SENTENCE_PAIRS, 24, pairCorpus());
    Collected two = pack(Packing.BERT_SENTENCE_PAIRS, 24, pairCorpus());
    assertThat(two.inputIds()).usingRecursiveComparison().isEqualTo(one.inputIds());
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Packing.SentencePairs(1.1, 1))
        .hasMessage("shortSequenceProb must lie in [0, 1], got 1.1");
    assertThatThrownBy(() -> new Packing.SentencePairs(0.1, 0)).hasMessageContaining("dupeFactor");
    assertThatThrownBy(() -> new Packing.WithinDocument(0)).hasMessageContaining("minTokens");
  }
}
