package org.tiedbert.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tiedbert.optim.LearningRate;
import org.tiedbert.stage.LearningRateSchedule.Scope;
import org.tiedbert.stage.StageMethod.Mslt;
import org.tiedbert.stage.StageMethod.Stacking;

class StagePlanTest {
  private static final LearningRateSchedule RATE =
      new LearningRateSchedule(1, 0, new Decay.Constant(), Scope.RUN, List.of());

  /** Layers 0, 1, 2 one after the other, 10 steps each, then 10 steps of retraining. */
  private static StagePlan mslt(MomentPolicy moments) {
    return new Mslt(List.of(10L, 10L, 10L), 10, moments).build(3, RATE);
  }

  @Test
  void findsTheStageOfAStep() {
    StagePlan plan = mslt(MomentPolicy.COPY);
    assertEquals(0, plan.at(9).index());
    assertEquals(1, plan.at(10).index());
    assertEquals(3, plan.at(39).index());
    assertEquals(40, plan.totalSteps());
    assertThat(plan.remainingAt(0)).hasSize(4);
    assertThat(plan.remainingAt(20)).extracting(Stage::index).containsExactly(2, 3);
    assertThat(plan.remainingAt(40)).isEmpty();
  }

  @Test
  void refusesStepsOutsideThePlan() {
    StagePlan plan = mslt(MomentPolicy.COPY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan.at(40))
        .withMessage("step 40 belongs to no stage, the plan ends before it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan.remainingAt(41))
        .withMessage("step must lie in [0, 40], got 41");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan.remainingAt(-1))
        .withMessage("step must lie in [0, 40], got -1");
  }

  @Test
  void copiesMomentsOfWhatTheStageBeforeTrained() {
    StagePlan plan = mslt(MomentPolicy.COPY);
    // the new layer goes on with the moments of the layer it copies, all the way down
    assertThat(plan.momentsSource(0, bias(0))).isEmpty();
    assertThat(plan.momentsSource(1, bias(1))).contains(bias(0));
    assertThat(plan.momentsSource(2, bias(2))).contains(bias(1));
    assertEquals(0, plan.momentsOrigin(2, bias(2)));
    // the output layer trains throughout
    assertThat(plan.momentsSource(3, "cls/predictions/output_bias"))
        .contains("cls/predictions/output_bias");
    assertEquals(0, plan.momentsOrigin(3, "cls/predictions/output_bias"));
  }

  @Test
  void startsMomentsFromZeroWhereTheStageBeforeDidNotTrain() {
    StagePlan plan = mslt(MomentPolicy.COPY);
    // retraining: layer 2 goes on, layers 0 and 1 and the embeddings were frozen
    assertEquals(0, plan.momentsOrigin(3, bias(2)));
    for (String frozen : List.of(bias(0), bias(1), "bert/embeddings/word_embeddings")) {
      assertThat(plan.momentsSource(3, frozen)).isEmpty();
      assertEquals(30, plan.momentsOrigin(3, frozen));
    }
  }

  @Test
  void startsMomentsFromZeroWhereTheyAreReset() {
    StagePlan plan = mslt(MomentPolicy.RESET);
    assertThat(plan.momentsSource(1, bias(1))).isEmpty();
    assertEquals(10, plan.momentsOrigin(1, bias(1)));
    assertEquals(30, plan.momentsOrigin(3, "cls/predictions/output_bias"));
  }

  @Test
  void copiesAllMomentsWhenStacking() {
    StagePlan plan = new Stacking(List.of(10L, 10L, 10L), MomentPolicy.COPY).build(4, RATE);
    assertThat(plan.momentsSource(2, bias(3))).contains(bias(1));
    assertEquals(0, plan.momentsOrigin(2, bias(3)));
    assertEquals(0, plan.momentsOrigin(2, bias(0)));
  }

  @Test
  void hasNoMomentsOfFrozenParameters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> mslt(MomentPolicy.COPY).momentsOrigin(1, bias(0)))
        .withMessage(
            "bert/encoder/layer_0/output/dense/bias is frozen in stage 1 (layer 1),"
                + " it has no moments there");
  }

  @Test
  void refusesStagesThatDoNotFollowOneAnother() {
    Stage first = stage(0, new Growth.FromScratch(), 0, 10);
    Growth growth = new Growth.FromStageBefore(1, 0, MomentPolicy.COPY);
    refuses(List.of(), "a plan needs at least one stage");
    refuses(
        List.of(first, stage(1, growth, 11, 20)),
        "stage 1 must have index 1 and start at step 10, got index 1 and step 11");
    refuses(
        List.of(first, stage(2, growth, 10, 20)),
        "stage 1 must have index 1 and start at step 10, got index 2 and step 10");
    refuses(
        List.of(first, stage(1, new Growth.FromScratch(), 10, 20)),
        "the first stage and no other starts from scratch, got FromScratch[] at stage 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage(0, growth, 5, 5))
        .withMessage("a stage needs 0 <= firstStep < lastStep, got 5 and 5");
  }

  private static void refuses(List<Stage> stages, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StagePlan(stages))
        .withMessage(message);
  }

  private static Stage stage(int index, Growth growth, long firstStep, long lastStep) {
    return new Stage(
        index,
        "any",
        1,
        new TrainableSet.Everything(),
        growth,
        firstStep,
        lastStep,
        new LearningRate.Constant(1));
  }

  private static String bias(int layer) {
    return "bert/encoder/layer_" + layer + "/output/dense/bias";
  }
}
