package org.tiedbert.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.Doubles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.tiedbert.cluster.ClusterSpec;
import org.tiedbert.engine.LoopbackTraffic;
import org.tiedbert.train.StageScaling;
import org.tiedbert.train.StepTimes;
import org.tiedbert.train.TrainingBench;
import org.tiedbert.train.WorkersSpeed;

/**
 * {@code bench --workers}: one worker and several take turns, each a process of its own, each with
 * the same threads and the same number of sequences (weak scaling).
 */
final class BenchWorkers {
  /** Turns of each; a machine that becomes slower meanwhile does so for both. */
  private static final int NUM_TURNS = 5;

  private final TrainingBench bench;
  private final int numWorkers;
  private final int stepsPerTurn;
  private final int numTurns;
  private final Path config;

  /**
   * @param bench of one worker alone
   */
  BenchWorkers(TrainingBench bench, int numWorkers) {
    this.bench = bench;
    this.numWorkers = numWorkers;
    this.numTurns = Math.min(NUM_TURNS, bench.numSteps());
    this.stepsPerTurn = (bench.numSteps() + numTurns - 1) / numTurns;
    try {
      this.config = Files.createTempFile("tiedbert-bench", ".yaml");
      config.toFile().deleteOnExit();
      Files.writeString(config, RunConfigReader.write(bench.config()), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Turns of all stages. */
  long totalTurns() {
    return (long) numTurns * bench.plan().stages().size();
  }

  /** Measures every stage. */
  WorkersSpeed run(WorkProgress progress) {
    List<StageScaling> stages = new ArrayList<>();
    for (TrainingBench.SizedStage stage : bench.stages()) {
      stages.add(measure(stage, progress));
    }
    return WorkersSpeed.of(bench, numWorkers, stages);
  }

  private StageScaling measure(TrainingBench.SizedStage stage, WorkProgress progress) {
    int index = stage.stage().index();
    try (SteppedGroup alone = new SteppedGroup(1, cluster -> process(index, 1, cluster));
        SteppedGroup together =
            new SteppedGroup(numWorkers, cluster -> process(index, numWorkers, cluster))) {
      return turns(stage, alone, together, progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of so many workers, which take as many times the sequences of one. */
  WorkerProcess process(int stageIndex, int ofWorkers, Optional<ClusterSpec> cluster) {
    int numThreads = bench.config().engine().numThreads();
    return new WorkerProcess(
        List.of(
            "bench",
            "--config=" + config,
            "--seq-length=" + bench.maxSeqLength(),
            "--threads=" + numThreads,
            "--set=data.batchSize=" + ofWorkers * bench.config().data().batchSize(),
            "--stage=" + (stageIndex + 1),
            "--turns"),
        cluster,
        numThreads,
        numWorkers + 1);
  }

  private StageScaling turns(
      TrainingBench.SizedStage stage,
      SteppedGroup alone,
      SteppedGroup together,
      WorkProgress progress)
      throws IOException {
    double[][] secondsAlone = new double[numTurns][];
    double[][] secondsTogether = new double[numTurns][];
    double[] secondsOfSums = new double[numTurns];
    double[] efficiencies = new double[numTurns];
    long sent = 0;
    boolean isMeasured = true;
    for (int turn = 0; turn < numTurns; turn++) {
      secondsAlone[turn] = alone.turn(Integer.toString(stepsPerTurn));
      OptionalLong before = LoopbackTraffic.sentBytes();
      secondsTogether[turn] = together.turn(Integer.toString(stepsPerTurn));
      OptionalLong after = LoopbackTraffic.sentBytes();
      isMeasured &= before.isPresent() && after.isPresent();
      sent += after.orElse(0) - before.orElse(0);
      secondsOfSums[turn] = together.turn(BenchTurns.SUMS)[0];
      efficiencies[turn] =
          StepTimes.of(secondsAlone[turn]).median() / StepTimes.of(secondsTogether[turn]).median();
      progress.at((long) stage.stage().index() * numTurns + turn + 1, "");
    }
    return new StageScaling(
        stage.stage().name(),
        stage.stage().numLayers(),
        stage.stage().numSteps(),
        stage.numTrainable(),
        times(secondsAlone),
        times(secondsTogether),
        StageScaling.Efficiency.of(efficiencies),
        bench.config().cluster().sentBytes(numWorkers, stage.numTrainable()),
        isMeasured
            ? OptionalLong.of(sent / ((long) numWorkers * numTurns * stepsPerTurn))
            : OptionalLong.empty(),
        StepTimes.of(secondsOfSums));
  }

  private static StepTimes times(double[][] ofTurns) {
    return StepTimes.of(Doubles.concat(ofTurns));
  }
}
