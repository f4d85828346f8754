package org.tiedbert.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tiedbert.batch.Batch;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;
import org.tiedbert.noise.Noise;
import org.tiedbert.noise.ViewsConfig;

/** The sums of a held-out evaluation; the loss itself is in {@link TrainGraphGradientsTest}. */
class ForwardGraphTest {
  /** As fixed in the graph for ever. */
  private static final long EVALUATION_SEED = 20_180_810;

  private static final Noise EVALUATION_NOISE = new Noise.TokenMasking(0.15, 0.8, 0.1);
  private static final LossConfig LOSS = new LossConfig(3, FeatureLevel.WORD, true);
  private static final long FIRST_PLACE = 8;

  @Test
  void evaluationIsOneViewWithoutDropoutAndPaddingDoesNotCount() {
    // given: the last sequence fills up the batch
    ForwardGraph.Settings forward = ReferenceBertSetup.forward(0.1, 0.1, 2, LOSS, 4);
    Batch batch = ReferenceBertSetup.batch(20, 7, 15, 0);
    try (StageSession session = open(forward)) {
      // when
      HeldOutSums sums = session.evaluate(batch, FIRST_PLACE);
      // then: 3, 1 and 2 of 17, 4 and 12 words are predicted
      ReferenceBertLoss expected = reference(session, forward, batch);
      assertEquals(6, expected.numPredictions());
      assertEquals(3, expected.numSequences());
      assertEquals(expected.numPredictions(), sums.numPredictions());
      assertEquals(expected.numSequences(), sums.numSequences());
      requireMeans(expected, sums);
    }
  }

  @Test
  void evaluationAddsUpOverBatchesAndIsTheSameAtEveryTime() {
    // given
    ForwardGraph.Settings forward = ReferenceBertSetup.forward(0.1, 0.1, 2, LOSS, 2);
    Batch batch = ReferenceBertSetup.batch(20, 7, 15, 3);
    Batch first = half(batch, 0);
    Batch second = half(batch, 1);
    try (StageSession session = open(forward)) {
      // when
      HeldOutSums sums =
          HeldOutSums.zero()
              .plus(session.evaluate(first, FIRST_PLACE))
              .plus(session.evaluate(second, FIRST_PLACE + 2));
      // then
      requireMeans(reference(session, forward, batch), sums);
      assertEquals(session.evaluate(first, FIRST_PLACE), session.evaluate(first, FIRST_PLACE));
    }
  }

  private static StageSession open(ForwardGraph.Settings forward) {
    return ReferenceBertSetup.open(
        forward, ReferenceBertSetup.FLOAT32, "cls/predictions/output_bias"::equals);
  }

  private static ReferenceBertLoss reference(
      StageSession session, ForwardGraph.Settings forward, Batch batch) {
    ViewsConfig oneView =
        new ViewsConfig(List.of(EVALUATION_NOISE), forward.views().maxPredictionsPerSeq());
    ReferenceBertViews views =
        ReferenceBertViews.of(
            oneView, ReferenceBertSetup.VOCABULARY, EVALUATION_SEED, 0, FIRST_PLACE, batch);
    ReferenceBert model =
        new ReferenceBert(
            forward.encoder(), ReferenceBertSetup.parameters(session), ReferenceBertDropout.none());
    int padId = ReferenceBertSetup.VOCABULARY.padId();
    return ReferenceBertLoss.of(model, LOSS, padId, batch, views);
  }

  private static void requireMeans(ReferenceBertLoss expected, HeldOutSums sums) {
    double numPredictions = expected.numPredictions();
    double numSequences = expected.numSequences();
    assertEquals(expected.crossEntropy(), sums.crossEntropy() / numPredictions, 1e-5);
    assertEquals(expected.accuracy()[0], sums.numCorrect() / numPredictions, 1e-6);
    assertEquals(expected.nextSentence(), sums.nextSentence() / numSequences, 1e-5);
    assertEquals(
        expected.nextSentenceAccuracy(), sums.numNextSentenceCorrect() / numSequences, 1e-6);
  }

  private static Batch half(Batch batch, int index) {
    int size = batch.batchSize() / 2;
    return ReferenceBertSetup.sequences(batch, index * size, size);
  }
}
