package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.export.TinyModel;

/** A model of two layers against the same in plain loops over doubles. */
class LayerFeaturesTest {
  private static final EngineConfig ENGINE =
      new EngineConfig(Precision.FLOAT32, XlaMode.OFF, EngineConfig.Device.CPU, 1);
  private static final double TOLERANCE = 2e-6;

  @TempDir static Path folder;
  private static ModelDirectory directory;
  private static LayerFeatures model;
  private static PlainBert plain;

  @BeforeAll
  static void open() {
    TinyModel.writeRun(folder.resolve("run"), 5);
    directory =
        ModelDirectory.open(
            folder.resolve("run"),
            damaged -> {
              throw damaged;
            });
    model = LayerFeatures.open(folder.resolve("run"), ENGINE, damaged -> {});
    plain = new PlainBert(directory.prefix(), directory.config().encoder());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static int[] ids(String... tokens) {
    return List.of(tokens).stream()
        .mapToInt(t -> directory.vocabulary().tokens().indexOf(t))
        .toArray();
  }

  private static void assertClose(double[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], TOLERANCE);
    }
  }

  @Test
  void sentencesAreMeansOverAllTokensAtEveryLayer() {
    List<String> texts = List.of("The ship sails on the cold, deep sea.", "sea", "");
    List<int[]> tokens =
        List.of(
            ids(
                "[CLS]", "the", "ship", "sail", "##s", "on", "the", "cold", ",", "deep", "sea", ".",
                "[SEP]"),
            ids("[CLS]", "sea", "[SEP]"),
            ids("[CLS]", "[SEP]"));
    float[][][] features = model.sentences(texts, done -> {});
    assertEquals(3, features.length);
    for (int text = 0; text < texts.size(); text++) {
      PlainBert.Outputs expected = plain.run(tokens.get(text));
      for (int layer = 0; layer <= 2; layer++) {
        assertClose(expected.mean(layer), features[layer][text]);
      }
    }
  }

  @Test
  void textsOfManyBatchesStayInOrder() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      texts.add("sea ".repeat(1 + 7 * i % 20));
    }
    List<Long> done = new ArrayList<>();
    float[][][] all = model.sentences(texts, done::add);
    assertThat(done).containsExactly(32L, 64L, 70L);
    for (int i = 0; i < texts.size(); i += 9) {
      float[][][] one = model.sentences(List.of(texts.get(i)), ignored -> {});
      for (int h = 0; h < 16; h++) {
        assertEquals(one[2][0][h], all[2][i][h], TOLERANCE);
      }
    }
  }

  @Test
  void hiddenStatesAndAttentionAreThoseOfEachTokenAndHead() {
    String text = "the [MASK] is cold";
    int[] ids = ids("[CLS]", "the", "[MASK]", "is", "cold", "[SEP]");
    PlainBert.Outputs expected = plain.run(ids);
    LayerFeatures.TokenStates states = model.hiddenStates(text);
    Attention attention = model.attention(text);
    assertThat(states.tokens()).containsExactly("[CLS]", "the", "[MASK]", "is", "cold", "[SEP]");
    assertThat(attention.tokens()).isEqualTo(states.tokens());
    for (int i = 0; i < ids.length; i++) {
      for (int layer = 0; layer <= 2; layer++) {
        assertClose(expected.states().get(layer)[i], states.states()[layer][i]);
      }
      for (int j = 0; j < ids.length; j++) {
        for (int layer = 1; layer <= 2; layer++) {
          for (int head = 1; head <= 2; head++) {
            double prob = expected.attentions().get(layer - 1)[head - 1][i][j];
            assertEquals(prob, attention.at(layer, head, i, j), TOLERANCE);
            assertEquals(prob, attention.map(layer, head)[i][j], TOLERANCE);
          }
        }
      }
    }
  }

  @Test
  void longTextsAreCutAndCounted() {
    try (LayerFeatures fresh = LayerFeatures.open(folder.resolve("run"), ENGINE, d -> {})) {
      float[][][] features =
          fresh.sentences(
              List.of("sea ".repeat(22), "sea ".repeat(23), "sea ".repeat(99)), d -> {});
      assertEquals(24, fresh.maxSeqLength());
      assertEquals(2, fresh.numTruncated());
      for (int h = 0; h < 16; h++) {
        assertEquals(features[2][0][h], features[2][2][h], TOLERANCE);
      }
    }
  }

  @Test
  void whatIsNoModelIsRefused() {
    assertThatThrownBy(() -> LayerFeatures.open(folder.resolve("none"), ENGINE, d -> {}))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("there is no directory " + folder.resolve("none"));
  }

  @Test
  void cosinesOfPairsAreThoseOfTheirMeans() {
    List<SentencePair> pairs =
        List.of(new SentencePair("the ship", "sea"), new SentencePair("sea", "sea"));
    double[][] cosines = SentencePair.cosines(model, pairs, done -> {});
    double[] a = plain.run(ids("[CLS]", "the", "ship", "[SEP]")).mean(2);
    double[] b = plain.run(ids("[CLS]", "sea", "[SEP]")).mean(2);
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int h = 0; h < a.length; h++) {
      product += a[h] * b[h];
      squareA += a[h] * a[h];
      squareB += b[h] * b[h];
    }
    assertEquals(product / Math.sqrt(squareA * squareB), cosines[2][0], TOLERANCE);
    assertEquals(1, cosines[2][1], 1e-12);
    assertEquals(0, SentencePair.cosine(new float[2], new float[] {1, 2}));
  }
}
