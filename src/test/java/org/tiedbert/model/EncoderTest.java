package org.tiedbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Its numbers are tested against the double-precision reference; here, what it leaves alone. */
class EncoderTest {
  private static final EncoderConfig CONFIG =
      new EncoderConfig(9, 6, 2, 8, 2, 2, 12, 0.1, 0.1, 0.2);

  @Test
  void whatStandsAtPaddingDoesNotMatter() {
    try (ModelGraph graph = new ModelGraph()) {
      Encoder encoder = encoder(graph);
      // given: the last token of the first sequence, the last two of the second are padding
      float[] features = features(graph, encoder, new int[][] {{1, 2, 3, 0}, {4, 5, 0, 0}});
      // when
      float[] others = features(graph, encoder, new int[][] {{1, 2, 3, 7}, {4, 5, 8, 6}});
      // then
      assertThat(Arrays.copyOfRange(others, 0, 24))
          .containsExactly(Arrays.copyOfRange(features, 0, 24));
      assertThat(Arrays.copyOfRange(others, 32, 48))
          .containsExactly(Arrays.copyOfRange(features, 32, 48));
    }
  }

  @Test
  void aShapeReadFromTheInputGivesTheSame() {
    try (ModelGraph graph = new ModelGraph()) {
      Ops tf = graph.tf();
      Encoder encoder = encoder(graph);
      int[][] ids = {{1, 2, 3, 0}, {4, 5, 0, 0}};
      Operand<TInt32> inputIds = tf.constant(ids);
      // when
      float[] actual =
          graph.evaluate(encode(tf, encoder, SequenceShape.of(tf, inputIds), inputIds).features());
      // then
      assertThat(actual).containsExactly(features(graph, encoder, ids), within(1e-6f));
    }
  }

  @Test
  void realTokensAloneGiveTheSame() {
    try (ModelGraph graph = new ModelGraph()) {
      Ops tf = graph.tf();
      Encoder encoder = encoder(graph);
      int[][] ids = {{1, 2, 3, 0}, {4, 5, 0, 0}};
      SequenceShape packed = SequenceShape.packed(tf, attentionMask(tf));
      // when
      Encoder.Encoded encoded = encode(tf, encoder, packed, tf.constant(ids));
      // then: three tokens of the first sequence, two of the second, H = 8
      float[] padded = features(graph, encoder, ids);
      float[] real = new float[40];
      System.arraycopy(padded, 0, real, 0, 24);
      System.arraycopy(padded, 32, real, 24, 16);
      assertThat(graph.evaluate(encoded.features())).containsExactly(real, within(1e-6f));
      // and back in their places
      float[] back = graph.evaluate(packed.pad(tf, encoded.features()));
      assertThat(back).hasSize(64);
      assertThat(Arrays.copyOfRange(back, 0, 24))
          .containsExactly(Arrays.copyOfRange(padded, 0, 24), within(1e-6f));
      assertThat(Arrays.copyOfRange(back, 32, 48))
          .containsExactly(Arrays.copyOfRange(padded, 32, 48), within(1e-6f));
    }
  }

  @Test
  void paddingInFrontIsLeftOutToo() {
    try (ModelGraph graph = new ModelGraph()) {
      Ops tf = graph.tf();
      Operand<TInt32> mask = tf.constant(new int[][] {{0, 1, 1}, {0, 0, 1}});
      SequenceShape packed = SequenceShape.packed(tf, mask);
      Operand<TFloat32> rows = tf.constant(new float[][] {{0}, {1}, {2}, {3}, {4}, {5}});
      // when
      Operand<TFloat32> real = packed.unpad(tf, rows);
      // then
      assertThat(graph.evaluate(real)).containsExactly(1, 2, 5);
      float[] back = graph.evaluate(packed.pad(tf, real));
      assertThat(new float[] {back[1], back[2], back[5]}).containsExactly(1, 2, 5);
    }
  }

  @Test
  void handsOutEveryLayer() {
    try (ModelGraph graph = new ModelGraph()) {
      Ops tf = graph.tf();
      Operand<TInt32> inputIds = tf.constant(new int[][] {{1, 2, 3, 0}, {4, 5, 0, 0}});
      Encoder encoder = encoder(graph);
      // when
      Encoder.Encoded encoded = encode(tf, encoder, SequenceShape.fixed(tf, 2, 4), inputIds);
      // then: the embeddings and two layers; rows of probabilities sum to 1, 0 on padding
      assertThat(encoded.hiddenStates()).hasSize(3);
      assertThat(encoded.attentions()).hasSize(2);
      assertThat(encoded.features()).isSameAs(encoded.hiddenStates().get(2));
      float[] probs = graph.evaluate(encoded.attentions().get(0));
      assertThat(probs).hasSize(2 * 2 * 4 * 4);
      for (int row = 0; row < 16; row++) {
        float[] to = Arrays.copyOfRange(probs, 4 * row, 4 * row + 4);
        assertThat(to[0] + to[1] + to[2] + to[3]).isCloseTo(1, within(1e-6f));
        assertThat(to[3]).isZero();
        assertThat(to[2] == 0).isEqualTo(row >= 8);
      }
    }
  }

  private static Encoder encoder(ModelGraph graph) {
    Encoder encoder = new Encoder(graph.parameters(), CONFIG);
    graph
        .parameters()
        .all()
        .forEach(parameter -> graph.initialize(parameter, CONFIG.initializerRange(), 3));
    return encoder;
  }

  private static float[] features(ModelGraph graph, Encoder encoder, int[][] ids) {
    Ops tf = graph.tf();
    SequenceShape shape = SequenceShape.fixed(tf, ids.length, ids[0].length);
    return graph.evaluate(encode(tf, encoder, shape, tf.constant(ids)).features());
  }

  private static Encoder.Encoded encode(
      Ops tf, Encoder encoder, SequenceShape shape, Operand<TInt32> inputIds) {
    Operand<TInt32> segmentIds = tf.constant(new int[][] {{0, 0, 1, 0}, {0, 1, 0, 0}});
    return encoder.apply(tf, shape, inputIds, attentionMask(tf), segmentIds, Dropout.none());
  }

  private static Operand<TInt32> attentionMask(Ops tf) {
    return tf.constant(new int[][] {{1, 1, 1, 0}, {1, 1, 0, 0}});
  }
}
