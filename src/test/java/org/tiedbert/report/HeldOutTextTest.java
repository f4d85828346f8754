package org.tiedbert.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.corpus.ShardWriter;
import org.tiedbert.corpus.Split;
import org.tiedbert.report.HeldOutText.Gap;
import org.tiedbert.report.HeldOutText.Passage;
import org.tiedbert.text.Vocabulary;

class HeldOutTextTest {
  private static final Vocabulary VOCABULARY =
      Vocabulary.of(
          List.of(
              "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "small", "bird", "##s", "sing",
              "in", "trees", ".", "(", ")", ",", "and"));

  @TempDir Path folder;

  private static int[] ids(String tokens) {
    int[] ids =
        Arrays.stream(tokens.split(" "))
            .mapToInt(token -> VOCABULARY.idOf(token).orElseThrow())
            .toArray();
    return Arrays.copyOf(ids, 20);
  }

  private List<Passage> written(String... sequences) {
    Path shards = folder.resolve("shards");
    try (ShardWriter writer =
        new ShardWriter(shards, ShardWriter.Layout.of(VOCABULARY, 20, false))) {
      for (String sequence : sequences) {
        writer.write(Split.HELD_OUT, ids(sequence), new int[20], 0);
        writer.write(Split.TRAIN, ids(sequence), new int[20], 0);
      }
      writer.finish();
    }
    return HeldOutText.read(shards, VOCABULARY, 10);
  }

  @Test
  void tokensBecomeTextAgain() {
    List<Passage> passages =
        written(
            "[CLS] the small bird ##s sing ( in trees ) , and the [UNK] . the small [SEP]",
            "[CLS] ##s ) . the small bird ##s sing in trees [SEP]",
            "[CLS] the small [SEP]");
    assertThat(passages)
        .extracting(Passage::text)
        .containsExactly(
            "the small birds sing (in trees), and the [UNK].", // to the full stop
            "the small birds sing in trees"); // from the first whole word; too short is none
  }

  @Test
  void theGapIsAWholeTokenInTheMiddle() {
    Passage passage = new Passage(List.of("the", "small", "birds", "in", "trees", "sing", "."));
    assertThat(passage.withGap(VOCABULARY))
        .contains(new Gap("the small birds in", "trees", "sing."));
    assertThat(passage.withGap(VOCABULARY).orElseThrow().masked())
        .isEqualTo("the small birds in [MASK] sing.");
    assertThat(new Passage(List.of("birds", "in", ".")).withGap(VOCABULARY)).isEmpty();
  }

  @Test
  void neighboursAreThoseOfTheSmallestAngle() {
    CosineNeighbours neighbours =
        new CosineNeighbours(new float[][] {{1, 0}, {0, 5}, {3, 3}, {-1, 0}});
    assertThat(neighbours.nearest(0, 2)).containsExactly(2, 1);
    assertThat(neighbours.cosine(0, 2)).isEqualTo(Math.sqrt(0.5));
  }
}
