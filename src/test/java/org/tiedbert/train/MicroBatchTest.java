package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tiedbert.batch.Batch;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;

/** One batch of 32 and four micro-batches of 8 are the same training. */
class MicroBatchTest {
  private static final double LEARNING_RATE = 1e-2;
  private static final LossConfig LOSS = new LossConfig(2, FeatureLevel.WORD, true);

  /** Short sequences first, so that micro-batches differ in tokens and predictions. */
  private static final Batch BATCH =
      ReferenceBertSetup.batch(IntStream.range(0, 32).map(b -> 3 + 17 * b / 31).toArray());

  private static StageSession whole;
  private static StageSession micro;

  @BeforeAll
  static void open() {
    whole = open(32);
    micro = open(8);
  }

  @AfterAll
  static void close() {
    whole.close();
    micro.close();
  }

  private static StageSession open(int microBatchSize) {
    return ReferenceBertSetup.open(
        ReferenceBertSetup.forward(0.1, 0.1, 2, LOSS, microBatchSize),
        ReferenceBertSetup.FLOAT32,
        name -> true);
  }

  @Test
  void stepsAndUpdatesAgree() {
    for (int step = 0; step < 3; step++) {
      // when
      StepMetrics expected = whole.computeGradients(BATCH, step);
      StepMetrics actual = micro.computeGradients(BATCH, step);
      // then: noise and dropout are those of the place in the global batch
      CloseVariables.requireMetrics(expected, actual, 1e-5);
      // and from the second step on, of parameters that Adam has driven apart a little
      CloseVariables.require(
          whole.gradients(), micro.gradients(), step == 0 ? 1e-4 : 3e-4, LEARNING_RATE);
      // and when
      whole.update(step, LEARNING_RATE, expected.gradientNorm());
      micro.update(step, LEARNING_RATE, actual.gradientNorm());
    }
    // then
    Collection<String> names = whole.graph().variables().keySet();
    CloseVariables.require(
        whole.values().read(names), micro.values().read(names), 1e-4, LEARNING_RATE);
  }

  @Test
  void meansOverEachMicroBatchWouldNotAgree() {
    // given
    StepMetrics expected = whole.computeGradients(BATCH, 9);
    // when: each micro-batch divides by its own counts, at the places of the first
    double consistency = 0;
    double crossEntropy = 0;
    for (int i = 0; i < 4; i++) {
      Batch part = ReferenceBertSetup.sequences(BATCH, 8 * i, 8);
      StepMetrics metrics = micro.computeGradients(part, 9);
      consistency += metrics.consistency() / 4;
      crossEntropy += metrics.crossEntropy() / 4;
    }
    // then: the tolerances above are far below the mistake
    assertThat(Math.abs(consistency - expected.consistency())).isGreaterThan(1e-3);
    assertThat(Math.abs(crossEntropy - expected.crossEntropy())).isGreaterThan(1e-3);
  }
}
