package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tiedbert.checkpoint.Checkpoint;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.stage.MomentPolicy;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StagePlan;

/** Four layers in two stages of two, then everything again: what grows from what. */
class PreTrainingGrowthTest {
  private static final int NUM_STEPS = 2;

  @TempDir static Path folder;

  private static PreTrainingConfig config;
  private static Path run;

  @BeforeAll
  static void train() {
    config = config(MomentPolicy.COPY, PreTrainingSetup.shards(folder.resolve("shards")));
    run = folder.resolve("run");
    PreTrainingSetup.run(config, run);
  }

  private static PreTrainingConfig config(MomentPolicy moments, Path shards) {
    return PreTrainingSetup.config(
        shards,
        "model.numHiddenLayers=4",
        "learningRate.warmupSteps=1",
        "stages={kind: mslt, steps: [%1$d, %1$d], retrainSteps: %1$d, moments: %2$s}"
            .formatted(NUM_STEPS, moments));
  }

  @ParameterizedTest
  @EnumSource(MomentPolicy.class)
  void newLayersStartAsCopiesAndMomentsAsThePolicySays(MomentPolicy moments) {
    // given: the end of the first stage, where everything trained
    Map<String, float[]> before = tensors(NUM_STEPS);
    // when
    Map<String, float[]> grown = startOf(1, moments, NUM_STEPS);
    // then
    assertThat(grown.keySet()).containsAll(parameters(before.keySet()));
    for (String name : grown.keySet()) {
      String source = source(name);
      boolean zero = isMoment(name) && moments == MomentPolicy.RESET;
      float[] expected = zero ? new float[before.get(source).length] : before.get(source);
      requireBitEqual(name, grown.get(name), expected);
    }
    // then: the first stage's moments are not zero, so copies are told from zeros
    assertThat(norm(grown.get("bert/encoder/layer_2/output/dense/kernel/adam_v")))
        .matches(norm -> norm > 0 == (moments == MomentPolicy.COPY));
    // then: only what trains has moments
    assertThat(grown.keySet())
        .filteredOn(PreTrainingGrowthTest::isMoment)
        .isNotEmpty()
        .allMatch(name -> trainsInSecondStage(name));
  }

  @Test
  void theLastStageTakesMomentsWhereTheStageBeforeTrained() {
    // given
    Map<String, float[]> before = tensors(2 * NUM_STEPS);
    // when
    Map<String, float[]> grown = startOf(2, MomentPolicy.COPY, 2 * NUM_STEPS);
    // then
    for (String name : grown.keySet()) {
      boolean known = !isMoment(name) || trainsInSecondStage(name);
      float[] expected = known ? before.get(name) : new float[grown.get(name).length];
      requireBitEqual(name, grown.get(name), expected);
    }
  }

  @Test
  void frozenParametersAreTheSameAtTheStagesEnd() {
    Map<String, float[]> before = tensors(NUM_STEPS);
    Map<String, float[]> after = tensors(2 * NUM_STEPS);
    for (String name : parameters(after.keySet())) {
      if (trainsInSecondStage(name)) {
        assertThat(after.get(name)).as(name).isNotEqualTo(before.get(source(name)));
      } else {
        requireBitEqual(name, after.get(name), before.get(name));
      }
    }
    assertThat(parameters(after.keySet()))
        .filteredOn(name -> !trainsInSecondStage(name))
        .hasSize(39);
  }

  @Test
  void theLastStageTrainsEverythingButThePooler() {
    Map<String, float[]> before = tensors(2 * NUM_STEPS);
    Map<String, float[]> after = tensors(3 * NUM_STEPS);
    for (String name : parameters(after.keySet())) {
      if (name.startsWith("bert/pooler/")) {
        requireBitEqual(name, after.get(name), before.get(name));
      } else {
        assertThat(after.get(name)).as(name).isNotEqualTo(before.get(name));
      }
    }
  }

  /** The variables of a stage that grows from a checkpoint, before any update. */
  private static Map<String, float[]> startOf(int stageIndex, MomentPolicy moments, long step) {
    PreTrainingConfig own = config(moments, config.data().shards());
    StageGraphs graphs = PreTrainingSetup.graphs(own);
    StagePlan plan = own.stages().build(own.model().numHiddenLayers(), own.learningRate());
    Stage stage = plan.stages().get(stageIndex);
    Checkpoint from = Checkpoint.open(run.resolve("checkpoints/step-" + step));
    try (StageSession session = graphs.openUnset(plan, stage)) {
      StageGraphs.setVariables(session, plan, stage, from);
      return session.values().read(session.graph().variables().keySet());
    }
  }

  /** What a variable of the second stage starts as. */
  private static String source(String name) {
    return name.replace("layer_2/", "layer_0/").replace("layer_3/", "layer_1/");
  }

  private static boolean trainsInSecondStage(String name) {
    return List.of("bert/encoder/layer_2/", "bert/encoder/layer_3/", "cls/").stream()
        .anyMatch(name::startsWith);
  }

  private static boolean isMoment(String name) {
    return name.endsWith("/adam_m") || name.endsWith("/adam_v");
  }

  private static Set<String> parameters(Set<String> variables) {
    Set<String> parameters = new TreeSet<>(variables);
    parameters.removeIf(PreTrainingGrowthTest::isMoment);
    return parameters;
  }

  private static Map<String, float[]> tensors(long step) {
    try (TensorBundle bundle = PreTrainingSetup.bundle(run, step)) {
      Map<String, float[]> tensors = new TreeMap<>();
      bundle.names().forEach(name -> tensors.put(name, bundle.floats(name)));
      return tensors;
    }
  }

  private static void requireBitEqual(String name, float[] actual, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.floatToRawIntBits(actual[i]))
          .as("%s at %d", name, i)
          .isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
    assertThat(actual).hasSameSizeAs(expected);
  }

  private static double norm(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
