package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.cluster.OneWorker;
import org.tiedbert.train.StepTrace.TypeTime;

class TrainingBenchTest {
  @TempDir Path folder;

  @Test
  void measuresEveryStage() throws IOException {
    // given: three stages of two views, and no shards
    long before = numTemporaryFolders();
    List<Long> progress = new ArrayList<>();
    TrainingBench bench = new TrainingBench(config(), PreTrainingSetup.SEQ_LENGTH, 2);
    // when
    TrainingSpeed speed = bench.run(progress::add);
    // then
    assertThat(bench.totalSteps()).isEqualTo(6);
    assertThat(progress).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(speed.stages())
        .extracting(StageSpeed::name)
        .containsExactly("layer 0", "layer 1", "retrain");
    // as worked by hand in PlanTableTest
    assertThat(speed.stages())
        .extracting(StageSpeed::flopsPerStep)
        .containsExactly(4_273_152L, 5_470_208L, 8_205_312L);
    assertThat(speed.flopsSpeedUp()).isCloseTo(1.41457, within(1e-5));
    assertThat(speed.speedUp()).isPresent();
    for (StageSpeed stage : speed.stages()) {
      double median = stage.seconds().median();
      assertThat(median).isBetween(stage.seconds().p10(), stage.seconds().p90());
      assertThat(stage.firstStepSeconds()).isGreaterThan(median); // it prepares the graph
      assertThat(stage.sequencesPerSecond() * median).isCloseTo(8, within(1e-9));
      assertThat(stage.utilisation() * median * speed.peakFlopsPerSecond())
          .isCloseTo(stage.flopsPerStep(), within(1.0));
      assertThat(stage.parts().input()).isBetween(0.0, 1.0);
      assertThat(stage.parts().noise()).isPositive();
      assertThat(stage.parts().update()).isBetween(0.0, 1.0);
    }
    assertThat(numTemporaryFolders()).isEqualTo(before);
  }

  @Test
  void tracesOneStep() {
    // given
    TrainingBench bench = new TrainingBench(config(), PreTrainingSetup.SEQ_LENGTH, 1);
    try (SteppedStage stage = bench.open(2, new OneWorker(bench.config().engine()))) {
      // when
      StepTrace trace = stage.trace();
      // then: two micro-batches, of which each looks words up and draws the views' noise; Adam
      // updates each of the parameters once
      List<TypeTime> types = trace.byType();
      assertThat(types.stream().mapToDouble(TypeTime::share).sum()).isCloseTo(1, within(1e-9));
      assertThat(types).extracting(TypeTime::type).anyMatch(type -> type.contains("MatMul"));
      assertThat(trace.operations())
          .extracting(StepTrace.Traced::name)
          .anyMatch(name -> name.startsWith("noise/"))
          .anyMatch(name -> name.startsWith("train/update/"))
          .filteredOn("metrics"::equals)
          .hasSize(2);
    }
  }

  @Test
  void tracesACompiledStepAsTheOneOperationThatItIs() {
    // given: a whole batch at once
    PreTrainingConfig whole =
        PreTrainingSetup.config(folder.resolve("none"), "engine.xla=full", "data.microBatchSize=8");
    TrainingBench bench = new TrainingBench(whole, PreTrainingSetup.SEQ_LENGTH, 1);
    try (SteppedStage stage = bench.open(0, new OneWorker(bench.config().engine()))) {
      // then
      assertThat(stage.trace().byType())
          .filteredOn(type -> type.type().equals("StatefulPartitionedCall"))
          .extracting(TypeTime::number)
          .containsExactly(1);
    }
  }

  @Test
  void takesAsManyStepsAsItIsTold() {
    TrainingBench bench = new TrainingBench(config(), PreTrainingSetup.SEQ_LENGTH, 1);
    try (SteppedStage stage = bench.open(2, new OneWorker(bench.config().engine()))) {
      assertThat(stage.steps(3)).hasSize(3).doesNotContain(0);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> new TrainingBench(config(), 17, 1).run(done -> {}))
        .isInstanceOf(MisfitException.class)
        .hasMessageContaining(
            "model.maxPositionEmbeddings must be at least the shards' sequence length 17, got 16");
    PreTrainingConfig few = PreTrainingSetup.config(folder.resolve("none"), "model.vocabSize=5");
    assertThatThrownBy(() -> new TrainingBench(few, 16, 1).stages())
        .isInstanceOf(MisfitException.class)
        .hasMessage("model.vocabSize must be above 5, the number of special tokens, got 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrainingBench(config(), 16, 0))
        .withMessage("numSteps must be at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrainingBench(config(), 2, 1))
        .withMessage("maxSeqLength must be at least 3, [CLS] a word [SEP], got 2");
  }

  private PreTrainingConfig config() {
    return PreTrainingSetup.config(folder.resolve("none"));
  }

  private static long numTemporaryFolders() throws IOException {
    try (Stream<Path> paths = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return paths
          .filter(path -> path.getFileName().toString().startsWith("tiedbert-bench"))
          .count();
    }
  }
}
