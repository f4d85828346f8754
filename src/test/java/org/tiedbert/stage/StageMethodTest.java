package org.tiedbert.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tiedbert.stage.Growth.FromScratch;
import org.tiedbert.stage.Growth.FromStageBefore;
import org.tiedbert.stage.LearningRateSchedule.Scope;
import org.tiedbert.stage.StageMethod.Mslt;
import org.tiedbert.stage.StageMethod.Plain;
import org.tiedbert.stage.StageMethod.Stacking;
import org.tiedbert.stage.TrainableSet.Everything;
import org.tiedbert.stage.TrainableSet.NewLayersAndOutput;

class StageMethodTest {
  private static final LearningRateSchedule RATE =
      new LearningRateSchedule(0.00088, 5, new Decay.Linear(), Scope.RUN, List.of());

  static Stream<StageMethod> variants() {
    return Stream.of(
        new Plain(100),
        new Mslt(List.of(10L, 20L, 30L), 40, MomentPolicy.COPY),
        new Mslt(List.of(10L), 0, MomentPolicy.RESET),
        new Stacking(List.of(10L, 20L, 30L), MomentPolicy.COPY));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void reachesTheFullDepthWithoutGaps(StageMethod method) {
    // when
    List<Stage> stages = method.build(12, RATE).stages();
    // then
    assertEquals(0, stages.get(0).firstStep());
    assertEquals(new Everything(), stages.get(0).trainable());
    assertEquals(12, stages.get(stages.size() - 1).numLayers());
    for (int i = 1; i < stages.size(); i++) {
      assertEquals(stages.get(i - 1).lastStep(), stages.get(i).firstStep());
      assertThat(stages.get(i).numLayers()).isGreaterThanOrEqualTo(stages.get(i - 1).numLayers());
    }
  }

  @Test
  void plainIsOneStage() {
    assertThat(new Plain(100).build(12, RATE).stages())
        .singleElement()
        .satisfies(stage -> assertEquals(new FromScratch(), stage.growth()))
        .satisfies(stage -> assertEquals(100, stage.numSteps()));
  }

  @Test
  void msltIsThePapersTable() {
    // given: 1,000,000 = 5 × 200,000 steps, warm-up 10,000
    long each = 200_000;
    Mslt mslt = new Mslt(List.of(each, each, each, each), each, MomentPolicy.COPY);
    LearningRateSchedule rate =
        new LearningRateSchedule(0.00088, 10_000, new Decay.Linear(), Scope.RUN, List.of());
    // when
    StagePlan plan = mslt.build(12, rate);
    // then
    assertEquals(1_000_000, plan.totalSteps());
    assertThat(plan.stages()).extracting(Stage::numLayers).containsExactly(3, 6, 9, 12, 12);
    assertThat(plan.stages())
        .extracting(Stage::name)
        .containsExactly("layers 0-2", "layers 3-5", "layers 6-8", "layers 9-11", "retrain");
    assertThat(plan.stages())
        .extracting(Stage::trainable)
        .containsExactly(
            new Everything(),
            new NewLayersAndOutput(3),
            new NewLayersAndOutput(6),
            new NewLayersAndOutput(9),
            new Everything());
    assertThat(plan.stages())
        .extracting(Stage::growth)
        .containsExactly(
            new FromScratch(),
            new FromStageBefore(3, 3, MomentPolicy.COPY),
            new FromStageBefore(6, 3, MomentPolicy.COPY),
            new FromStageBefore(9, 3, MomentPolicy.COPY),
            new FromStageBefore(12, 0, MomentPolicy.COPY));
    assertThat(plan.stages())
        .extracting(Stage::firstStep)
        .containsExactly(0L, each, 2 * each, 3 * each, 4 * each);
    // 0.00088 · (1,000,000 − 505,000)/990,000 = 0.00044
    assertEquals(0.00044, plan.at(505_000).learningRate().at(505_000), 1e-12);
  }

  @Test
  void msltWithOneStageAndNoRetrainIsPlain() {
    StagePlan mslt = new Mslt(List.of(100L), 0, MomentPolicy.COPY).build(12, RATE);
    assertThat(mslt.stages()).singleElement();
    assertEquals(new Everything(), mslt.stages().get(0).trainable());
  }

  @Test
  void stackingDoublesTheDepthAndTrainsEverything() {
    StagePlan plan = new Stacking(List.of(10L, 20L, 30L), MomentPolicy.RESET).build(12, RATE);
    assertThat(plan.stages()).extracting(Stage::numLayers).containsExactly(3, 6, 12);
    assertThat(plan.stages()).extracting(Stage::trainable).containsOnly(new Everything());
    assertThat(plan.stages())
        .extracting(Stage::growth)
        .containsExactly(
            new FromScratch(),
            new FromStageBefore(3, 3, MomentPolicy.RESET),
            new FromStageBefore(6, 6, MomentPolicy.RESET));
    assertThat(plan.stages()).extracting(Stage::lastStep).containsExactly(10L, 30L, 60L);
  }

  @Test
  void refusesWhatDoesNotDivide() {
    refuses(
        () -> new Mslt(List.of(1L, 1L, 1L, 1L, 1L), 0, MomentPolicy.COPY).build(12, RATE),
        "the number of stages (entries of steps) must divide numHiddenLayers, got 5 and 12");
    refuses(
        () -> new Stacking(List.of(1L, 1L, 1L, 1L), MomentPolicy.COPY).build(12, RATE),
        "numHiddenLayers must come of doubling a depth 3 times (4 entries of steps), got 12");
  }

  @Test
  void refusesStagesWithoutSteps() {
    refuses(() -> new Plain(0), "steps must be at least 1, got 0");
    refuses(
        () -> new Mslt(List.of(10L, 0L), 0, MomentPolicy.COPY),
        "every entry of steps must be at least 1, got 0");
    refuses(
        () -> new Mslt(List.of(10L), -1, MomentPolicy.COPY),
        "retrainSteps must be at least 0, got -1");
    refuses(
        () -> new Stacking(List.of(), MomentPolicy.COPY),
        "steps needs one number of steps for each stage, at least one, got none");
  }

  private static void refuses(Runnable construction, String message) {
    assertThatIllegalArgumentException().isThrownBy(construction::run).withMessage(message);
  }
}
