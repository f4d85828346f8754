package org.tiedbert.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tiedbert.stage.LearningRateSchedule.Scope;
import org.tiedbert.stage.StageMethod.Mslt;
import org.tiedbert.stage.StageMethod.Plain;

class StageCostTest {
  private static final LearningRateSchedule RATE =
      new LearningRateSchedule(1, 0, new Decay.Constant(), Scope.RUN, List.of());

  /** BERT-base, sequence 128, 20 predictions, one view. */
  private final StageCost base = new StageCost(768, 3072, 12, 30522, 128, 20, 1);

  /** H = 2, I = 8, N = 1, V = 5, S = 4, P = 3. */
  private final StageCost tiny = new StageCost(2, 8, 1, 5, 4, 3, 1);

  private static StagePlan mslt(int numStages, long retrainPercent) {
    long each = 60 * (100 - retrainPercent) / numStages;
    return new Mslt(Collections.nCopies(numStages, each), 60 * retrainPercent, MomentPolicy.COPY)
        .build(12, RATE);
  }

  @Test
  void countsOperationsAsDesigned() {
    // a layer is 24·2²·4 + 4·4²·2 = 512, the head 3·(2·2·5 + 2·2²) = 84
    StagePlan plan = new Mslt(List.of(1L, 1L), 1, MomentPolicy.COPY).build(2, RATE);
    assertEquals(3 * (512 + 84), tiny.flopsPerSequence(plan.at(0)));
    assertEquals(512 + 3 * 512 + 2 * 84, tiny.flopsPerSequence(plan.at(1)));
    assertEquals(3 * (1024 + 84), tiny.flopsPerSequence(plan.at(2)));
    // two views are twice as much
    StageCost twoViews = new StageCost(2, 8, 1, 5, 4, 3, 2);
    assertEquals(2 * 3 * (1024 + 84), twoViews.flopsPerSequence(plan.at(2)));
    // 3 × [24·12·768²·128 + 4·12·128²·768 + 20·(2·768·30522 + 2·768²)]
    assertEquals(69_925_441_536L, base.flopsPerSequence(new Plain(1).build(12, RATE).at(0)));
  }

  @Test
  void takesTheIntermediateSizeIntoAccount() {
    // a layer is 4·(8·2² + 4·2·3) + 4·4²·2 = 352
    StageCost narrow = new StageCost(2, 3, 1, 5, 4, 3, 1);
    assertEquals(3 * (352 + 84), narrow.flopsPerSequence(new Plain(1).build(1, RATE).at(0)));
  }

  @Test
  void boundsTheSpeedUpOfLayerwiseTraining() {
    // the project's stated bounds, to their last digit: 1.9517, 2.1825, 2.2152
    assertEquals(1.95, base.speedUp(mslt(4, 20)), 0.005);
    assertEquals(2.18, base.speedUp(mslt(6, 20)), 0.005);
    assertEquals(2.22, base.speedUp(mslt(4, 10)), 0.005);
    assertEquals(1, base.speedUp(new Plain(7).build(12, RATE)), 1e-12);
  }

  @Test
  void countsWhatTrainsAndWhatItKeeps() {
    // given
    Map<String, Long> sizes =
        Map.of(
            "bert/embeddings/word_embeddings", 1000L,
            "bert/encoder/layer_0/output/dense/kernel", 100L,
            "bert/encoder/layer_1/output/dense/kernel", 100L,
            "cls/predictions/output_bias", 10L);
    StagePlan plan = new Mslt(List.of(1L, 1L), 1, MomentPolicy.COPY).build(2, RATE);
    // then
    assertEquals(110, StageCost.numTrainable(plan.at(1), sizes));
    assertEquals(1210, StageCost.numTrainable(plan.at(2), sizes));
    assertEquals(4 * 1210 + 12 * 110, StageCost.stateBytes(plan.at(1), sizes));
    assertEquals(16 * 1210, StageCost.stateBytes(plan.at(2), sizes));
  }

  @Test
  void estimatesActivations() {
    // a layer keeps 4·(20 + 16) + 3·16 = 192, the head 3·(8 + 10) = 54, the embeddings 16
    StagePlan plan = new Mslt(List.of(1L, 1L, 1L), 1, MomentPolicy.COPY).build(3, RATE);
    assertEquals(4 * (192 + 54 + 16), tiny.activationBytes(plan.at(0), 1, 4));
    assertEquals(4 * (2 * 192 + 54), tiny.activationBytes(plan.at(1), 1, 4));
    assertEquals(4 * (2 * 192 + 54), tiny.activationBytes(plan.at(2), 1, 4));
    assertEquals(2 * 8 * (3 * 192 + 54 + 16), tiny.activationBytes(plan.at(3), 8, 2));
  }

  @Test
  void refusesSizesBelowOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StageCost(2, 8, 1, 5, 4, 3, 0))
        .withMessage(
            "every size must be at least 1, got hiddenSize=2 intermediateSize=8"
                + " numAttentionHeads=1 vocabSize=5 maxSeqLength=4 maxPredictionsPerSeq=3"
                + " numViews=0");
    assertThat(tiny).isEqualTo(new StageCost(2, 8, 1, 5, 4, 3, 1));
  }
}
