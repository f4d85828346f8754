package org.tiedbert.corpus;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tiedbert.text.Vocabulary;

/**
 * Sentence pairs as create_pretraining_data of google-research/bert makes them. One departure: the
 * other document of a random pair is drawn from the others of the chunk, where the original draws
 * up to ten times from all and may end up with the same one. Only in a chunk of a single document
 * does the random sentence come from that document.
 */
final class SentencePairPacker implements SequencePacker {
  private final Vocabulary vocabulary;
  private final Packing.SentencePairs packing;
  private final Random random; // its algorithm is part of Java's specification
  private final int maxNumTokens; // of both segments, without [CLS] and two [SEP]
  private final int[] inputIds;
  private final int[] segmentIds;

  SentencePairPacker(
      Vocabulary vocabulary, int maxSeqLength, Packing.SentencePairs packing, long seed) {
    this.vocabulary = vocabulary;
    this.packing = packing;
    random = new Random(seed);
    maxNumTokens = maxSeqLength - 3;
    inputIds = new int[maxSeqLength];
    segmentIds = new int[maxSeqLength];
  }

  @Override
  public void pack(List<List<int[]>> documents, Sink sink) {
    List<List<int[]>> nonEmpty =
        documents.stream()
            .map(document -> document.stream().filter(sentence -> sentence.length > 0).toList())
            .filter(document -> !document.isEmpty())
            .toList();
    for (int pass = 0; pass < packing.dupeFactor(); pass++) {
      for (int index = 0; index < nonEmpty.size(); index++) {
        packDocument(nonEmpty, index, sink);
      }
    }
  }

  private void packDocument(List<List<int[]>> documents, int index, Sink sink) {
    List<int[]> document = documents.get(index);
    int targetLength =
        random.nextDouble() < packing.shortSequenceProb() ? between(2, maxNumTokens) : maxNumTokens;
    int first = 0;
    while (first < document.size()) {
      int last = first;
      int length = document.get(first).length;
      while (last + 1 < document.size() && length < targetLength) {
        last++;
        length += document.get(last).length;
      }
      first = packPair(documents, index, first, last + 1, targetLength, sink);
    }
  }

  /** Makes one pair of sentences [from, to); returns the first sentence that it did not use. */
  private int packPair(
      List<List<int[]>> documents, int index, int from, int to, int targetLength, Sink sink) {
    List<int[]> sentences = documents.get(index).subList(from, to);
    int aEnd = sentences.size() >= 2 ? between(1, sentences.size() - 1) : 1;
    Segment a = new Segment(sentences.subList(0, aEnd), Integer.MAX_VALUE);
    boolean isRandomNext = sentences.size() == 1 || random.nextDouble() < 0.5;
    Segment b;
    if (isRandomNext) {
      List<int[]> other = documents.get(anotherThan(index, documents.size()));
      int start = random.nextInt(other.size());
      b = new Segment(other.subList(start, other.size()), targetLength - a.length());
    } else {
      b = new Segment(sentences.subList(aEnd, sentences.size()), Integer.MAX_VALUE);
    }
    while (a.length() + b.length() > maxNumTokens) {
      (a.length() > b.length() ? a : b).dropOne(random.nextDouble() < 0.5);
    }
    write(a, b, isRandomNext ? 1 : 0, sink);
    return isRandomNext ? from + aEnd : to;
  }

  private int anotherThan(int index, int size) {
    if (size == 1) {
      return index;
    }
    int drawn = random.nextInt(size - 1);
    return drawn < index ? drawn : drawn + 1;
  }

  private void write(Segment a, Segment b, int nextSentenceLabel, Sink sink) {
    inputIds[0] = vocabulary.clsId();
    int aEnd = a.copyTo(inputIds, 1);
    inputIds[aEnd] = vocabulary.sepId();
    int bEnd = b.copyTo(inputIds, aEnd + 1);
    inputIds[bEnd] = vocabulary.sepId();
    Arrays.fill(inputIds, bEnd + 1, inputIds.length, vocabulary.padId());
    Arrays.fill(segmentIds, 0);
    Arrays.fill(segmentIds, aEnd + 1, bEnd + 1, 1);
    sink.sequence(inputIds, segmentIds, nextSentenceLabel);
  }

  /** Both bounds included. */
  private int between(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }

  /** A run of sentences that can lose tokens at either end. */
  private static final class Segment {
    private final int[] tokens;
    private int start;
    private int end;

    /** Takes sentences until there are at least {@code enough} tokens, and one in any case. */
    Segment(List<int[]> sentences, int enough) {
      int numSentences = 0;
      int length = 0;
      do {
        length += sentences.get(numSentences++).length;
      } while (numSentences < sentences.size() && length < enough);
      tokens = new int[length];
      for (int[] sentence : sentences.subList(0, numSentences)) {
        System.arraycopy(sentence, 0, tokens, end, sentence.length);
        end += sentence.length;
      }
    }

    int length() {
      return end - start;
    }

    void dropOne(boolean atFront) {
      if (atFront) {
        start++;
      } else {
        end--;
      }
    }

    int copyTo(int[] target, int offset) {
      System.arraycopy(tokens, start, target, offset, length());
      return offset + length();
    }
  }
}
