package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tiedbert.batch.Batch;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;

/** A step's loss, its terms and its gradients against the same in double precision. */
class TrainGraphGradientsTest {
  private static final long STEP = 5;
  private static final double DIFFERENCE = 1e-4;

  record Case(String name, int numViews, LossConfig loss, double hidden, double attention) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("cls", 2, new LossConfig(1, FeatureLevel.CLS, false), 0, 0),
        new Case("word, NSP, dropout", 2, new LossConfig(3, FeatureLevel.WORD, true), 0.1, 0.2),
        new Case("sentence, NSP", 2, new LossConfig(10, FeatureLevel.SENTENCE, true), 0, 0),
        new Case("untied, dropout", 2, new LossConfig(0, FeatureLevel.WORD, false), 0.3, 0.1),
        new Case("one view, NSP", 1, new LossConfig(1, FeatureLevel.CLS, true), 0, 0.1));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreeWithTheReference(Case given) {
    ForwardGraph.Settings forward =
        ReferenceBertSetup.forward(
            given.hidden(), given.attention(), given.numViews(), given.loss(), 4);
    // the lengths differ, so means over tokens, sequences and predictions do too
    Batch batch = ReferenceBertSetup.batch(20, 7, 15, 3);
    try (StageSession session =
        ReferenceBertSetup.open(
            forward, ReferenceBertSetup.FLOAT32, ReferenceBertSetup.reached(given.loss()))) {
      // when
      StepMetrics metrics = session.computeGradients(batch, STEP);
      Map<String, float[]> gradients = session.gradients();
      // then
      Map<String, double[]> parameters = ReferenceBertSetup.parameters(session);
      ReferenceBertDropout dropout = new ReferenceBertDropout(true, ReferenceBertSetup.SEED, STEP);
      ReferenceBert model = new ReferenceBert(forward.encoder(), parameters, dropout);
      ReferenceBertViews views =
          ReferenceBertViews.of(
              forward.views(),
              ReferenceBertSetup.VOCABULARY,
              ReferenceBertSetup.SEED,
              STEP,
              0,
              batch);
      requireSameTerms(loss(model, given, batch, views), metrics, given);
      assertThat(gradients.keySet())
          .containsExactlyInAnyOrderElementsOf(
              parameters.keySet().stream()
                  .filter(ReferenceBertSetup.reached(given.loss()))
                  .toList());
      gradients.forEach(
          (name, gradient) ->
              requireFiniteDifferences(
                  name,
                  gradient,
                  parameters.get(name),
                  () -> loss(model, given, batch, views).total()));
    }
  }

  private static void requireSameTerms(ReferenceBertLoss expected, StepMetrics actual, Case given) {
    assertEquals(expected.total(), actual.total(), 1e-5);
    assertEquals(expected.crossEntropy(), actual.crossEntropy(), 1e-5);
    assertEquals(expected.consistency(), actual.consistency(), 1e-5);
    assertEquals(expected.nextSentence(), actual.nextSentence(), 1e-5);
    assertEquals(expected.nextSentenceAccuracy(), actual.nextSentenceAccuracy(), 1e-6);
    assertThat(actual.accuracy()).hasSize(given.numViews());
    for (int view = 0; view < given.numViews(); view++) {
      assertEquals(expected.accuracy()[view], actual.accuracy().get(view), 1e-6);
    }
    // no term is tested by being nothing
    assertThat(expected.crossEntropy()).isGreaterThan(1);
    assertThat(expected.consistency() > 0.005).isEqualTo(given.numViews() == 2);
    assertThat(expected.nextSentence() > 0.1).isEqualTo(given.loss().nextSentence());
  }

  interface Loss {
    double get();
  }

  /** Central differences at a few random coordinates, one of them the largest gradient's. */
  private static void requireFiniteDifferences(
      String name, float[] gradient, double[] parameter, Loss loss) {
    int largest = 0;
    double squares = 0;
    for (int i = 0; i < gradient.length; i++) {
      largest = Math.abs(gradient[i]) > Math.abs(gradient[largest]) ? i : largest;
      squares += gradient[i] * gradient[i];
    }
    double rootMeanSquare = Math.sqrt(squares / gradient.length);
    Random random = new Random(name.hashCode());
    int[] coordinates = {largest, random.nextInt(gradient.length), random.nextInt(gradient.length)};
    for (int i : coordinates) {
      double value = parameter[i];
      parameter[i] = value + DIFFERENCE;
      double above = loss.get();
      parameter[i] = value - DIFFERENCE;
      double below = loss.get();
      parameter[i] = value;
      double expected = (above - below) / (2 * DIFFERENCE);
      assertThat((double) gradient[i])
          .as("gradient of %s at %d", name, i)
          .isCloseTo(expected, within(5e-5 * Math.abs(expected) + 5e-5 * rootMeanSquare + 3e-7));
    }
  }

  private static ReferenceBertLoss loss(
      ReferenceBert model, Case given, Batch batch, ReferenceBertViews views) {
    return ReferenceBertLoss.of(
        model, given.loss(), ReferenceBertSetup.VOCABULARY.padId(), batch, views);
  }
}
