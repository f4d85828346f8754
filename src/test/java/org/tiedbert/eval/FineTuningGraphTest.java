package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.optim.AdamW;
import org.tiedbert.optim.GlobalNormClip;

/** Losses by their definitions, gradients against differences of losses. */
class FineTuningGraphTest {
  private static final int PAD = 1;
  private static final EngineConfig PLAIN =
      new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, 1);

  /** Rows of 3, 5 and 8 tokens and more, so that all but the longest are padded. */
  private static final List<EncodedExample> EXAMPLES =
      List.of(
          example(1, row(3, 1)),
          example(0, row(5, 2)),
          example(2, row(8, 3)),
          example(1, row(4, 4)));

  static Stream<TaskOutput> outputs() {
    return Stream.of(
        new TaskOutput.Classes(List.of("x", "y", "z")),
        new TaskOutput.Score("s", 0, 5),
        new TaskOutput.Choices(2));
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void theLossIsThatOfTheOutputs(TaskOutput output) {
    try (FineTuningSession session = session(output, 0, PLAIN)) {
      TokenBatch batch = batch(output);
      float[] logits = session.logits(batch);
      // without dropout both passes are the same
      float loss = session.gradients(batch, 0).get("loss")[0];
      assertEquals(expectedLoss(output, logits, batch.targets()), loss, 1e-5);
    }
  }

  private static double expectedLoss(TaskOutput output, float[] logits, float[] targets) {
    double sum = 0;
    for (int i = 0; i < targets.length; i++) {
      if (output instanceof TaskOutput.Score) {
        sum += Math.pow(logits[i] - targets[i], 2);
      } else {
        int num = logits.length / targets.length;
        double partition = 0;
        for (int k = 0; k < num; k++) {
          partition += Math.exp(logits[i * num + k]);
        }
        sum += Math.log(partition) - logits[i * num + (int) targets[i]];
      }
    }
    return sum / targets.length;
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void gradientsAreDifferencesOfLosses(TaskOutput output) {
    try (FineTuningSession session = session(output, 0.1, PLAIN)) {
      TokenBatch batch = batch(output);
      Map<String, float[]> gradients = session.gradients(batch, 7);
      for (String name :
          List.of(
              "output_weights",
              "bert/pooler/dense/kernel",
              "bert/encoder/layer_1/output/dense/kernel",
              "bert/encoder/layer_0/attention/self/query/kernel",
              "bert/embeddings/LayerNorm/gamma",
              "bert/embeddings/word_embeddings",
              "bert/embeddings/token_type_embeddings")) {
        requireDirectionalDerivative(session, batch, name, gradients.get(name));
      }
    }
  }

  /** Along the gradient itself, where the loss changes most and rounding matters least. */
  private static void requireDirectionalDerivative(
      FineTuningSession session, TokenBatch batch, String name, float[] gradient) {
    double norm = 0;
    for (float value : gradient) {
      norm += (double) value * value;
    }
    norm = Math.sqrt(norm);
    assertThat(norm).as(name).isGreaterThan(1e-5);
    float[] values = session.values().read(List.of(name)).get(name);
    double width = 2e-2;
    double above = lossAt(session, batch, name, moved(values, gradient, width / norm));
    double below = lossAt(session, batch, name, moved(values, gradient, -width / norm));
    session.values().assign(Map.of(name, values));
    assertThat((above - below) / (2 * width))
        .as(name)
        .isCloseTo(norm, org.assertj.core.data.Percentage.withPercentage(2));
  }

  private static double lossAt(
      FineTuningSession session, TokenBatch batch, String name, float[] values) {
    session.values().assign(Map.of(name, values));
    return session.gradients(batch, 7).get("loss")[0];
  }

  private static float[] moved(float[] values, float[] direction, double by) {
    float[] moved = values.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (by * direction[i]);
    }
    return moved;
  }

  @Test
  void paddingChangesNothing() {
    TaskOutput output = new TaskOutput.Classes(List.of("x", "y", "z"));
    try (FineTuningSession session = session(output, 0, PLAIN)) {
      float[] together = session.logits(TokenBatch.of(EXAMPLES, new int[] {0, 2}, PAD, 16));
      float[] alone = session.logits(TokenBatch.of(EXAMPLES, new int[] {0}, PAD, 3));
      for (int k = 0; k < 3; k++) {
        assertEquals(alone[k], together[k], 1e-5);
      }
    }
  }

  @Test
  void aStepIsAdamWOfTheClippedGradients() {
    TaskOutput output = new TaskOutput.Classes(List.of("x", "y", "z"));
    try (FineTuningSession session = session(output, 0, PLAIN)) {
      TokenBatch batch = batch(output);
      String name = "output_bias";
      float[] before = session.values().read(List.of(name)).get(name);
      Map<String, float[]> gradients = session.gradients(batch, 0);
      double squares = 0;
      for (Map.Entry<String, float[]> gradient : gradients.entrySet()) {
        if (!gradient.getKey().equals("loss")) {
          for (float value : gradient.getValue()) {
            squares += (double) value * value;
          }
        }
      }
      FineTuningSession.Step step = session.step(batch, 0, 0.01);
      assertEquals(gradients.get("loss")[0], step.loss(), 1e-6);
      assertEquals(Math.sqrt(squares), step.gradientNorm(), 1e-4 * step.gradientNorm());
      // then: with bias correction the first update is η·g/(|g| + ε), biases do not decay
      float[] after = session.values().read(List.of(name)).get(name);
      double clip = Math.min(1, 1 / Math.sqrt(squares));
      for (int k = 0; k < 3; k++) {
        double g = gradients.get(name)[k] * clip;
        assertEquals(before[k] - 0.01 * g / (Math.abs(g) + 1e-6), after[k], 1e-6);
      }
    }
  }

  @Test
  void precisionAndCompilerAgree() {
    TaskOutput output = new TaskOutput.Classes(List.of("x", "y", "z"));
    Map<String, float[]> plain = gradients(output, PLAIN);
    Map<String, float[]> compiled =
        gradients(output, new EngineConfig(Precision.FLOAT32, XlaMode.FUSIBLE, Device.CPU, 1));
    Map<String, float[]> rounded =
        gradients(output, new EngineConfig(Precision.BFLOAT16, XlaMode.OFF, Device.CPU, 1));
    Map<String, float[]> again =
        gradients(output, new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, 1, true));
    assertEquals(plain.get("loss")[0], again.get("loss")[0], 1e-5);
    assertEquals(plain.get("loss")[0], compiled.get("loss")[0], 1e-5);
    assertEquals(plain.get("loss")[0], rounded.get("loss")[0], 2e-2);
    for (String name : plain.keySet()) {
      assertThat(distance(plain.get(name), compiled.get(name))).as(name).isLessThan(1e-4);
      assertThat(distance(plain.get(name), again.get(name))).as(name).isLessThan(1e-4);
      assertThat(distance(plain.get(name), rounded.get(name))).as(name).isLessThan(0.1);
    }
  }

  @Test
  void compiledStepsOfSeveralShapesAgree() {
    TaskOutput output = new TaskOutput.Classes(List.of("x", "y", "z"));
    EngineConfig full = new EngineConfig(Precision.FLOAT32, XlaMode.FULL, Device.CPU, 1);
    try (FineTuningSession plain = session(output, 0.1, PLAIN);
        FineTuningSession compiled = session(output, 0.1, full)) {
      TokenBatch large = batch(output);
      TokenBatch small = TokenBatch.of(EXAMPLES, new int[] {1}, PAD, 8);
      for (TokenBatch batch : List.of(large, small)) {
        // when
        FineTuningSession.Step expected = plain.step(batch, 0, 0.01);
        FineTuningSession.Step actual = compiled.step(batch, 0, 0.01);
        // then
        assertEquals(expected.loss(), actual.loss(), 1e-4);
        assertEquals(expected.gradientNorm(), actual.gradientNorm(), 1e-3);
      }
      float[] expected = plain.logits(small);
      float[] actual = compiled.logits(small);
      for (int k = 0; k < expected.length; k++) {
        assertEquals(expected[k], actual[k], 1e-3);
      }
    }
  }

  private static Map<String, float[]> gradients(TaskOutput output, EngineConfig engine) {
    try (FineTuningSession session = session(output, 0.1, engine)) {
      return session.gradients(batch(output), 3);
    }
  }

  /** Relative to the length of the first one, which key biases do not have: they change nothing. */
  private static double distance(float[] a, float[] b) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < a.length; i++) {
      difference += Math.pow(a[i] - b[i], 2);
      length += Math.pow(a[i], 2);
    }
    return Math.sqrt(length) < 1e-5 ? 0 : Math.sqrt(difference / length);
  }

  private static TokenBatch batch(TaskOutput output) {
    if (output.numInputs() == 1) {
      return TokenBatch.of(EXAMPLES, new int[] {0, 1, 2, 3}, PAD, 16);
    }
    List<EncodedExample> pairs = new ArrayList<>();
    pairs.add(example(1, row(3, 1), row(6, 5)));
    pairs.add(example(0, row(5, 2), row(4, 6)));
    return TokenBatch.of(pairs, new int[] {0, 1}, PAD, 16);
  }

  private static EncodedExample example(double target, int[]... rows) {
    int[] numFirst = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      numFirst[i] = rows[i].length / 2 + 1;
    }
    return new EncodedExample(rows, numFirst, target);
  }

  private static int[] row(int length, long seed) {
    return new Random(seed).ints(length, 2, 20).toArray();
  }

  private static FineTuningSession session(TaskOutput output, double dropout, EngineConfig engine) {
    FineTuningGraph graph =
        FineTuningGraph.build(
            new FineTuningGraph.Settings(
                new EncoderConfig(20, 16, 2, 16, 2, 2, 32, dropout, dropout, 0.02),
                PAD,
                output,
                11,
                new AdamW(0.9, 0.999, 1e-6, 0.01, true),
                new GlobalNormClip(1),
                engine));
    FineTuningSession session = new FineTuningSession(graph, engine);
    session.values().initialize(graph.variables().keySet());
    Map<String, float[]> random = new HashMap<>();
    for (String name : graph.parameters()) {
      Random numbers = new Random(name.hashCode());
      float[] values = new float[Math.toIntExact(graph.variables().get(name).shape().size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (name.endsWith("gamma") ? 1 : 0) + 0.2f * (float) numbers.nextGaussian();
      }
      random.put(name, values);
    }
    session.values().assign(random);
    return session;
  }
}
