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
import org.tiedbert.cluster.LoopbackTraffic;
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
    List<SteppedProcess> started = new ArrayList<>();
    try {
      started.add(new SteppedProcess("one worker alone", process(stage, 1, Optional.empty())));
      started.get(0).awaitReady();
      List<String> addresses = ClusterSpec.freeLocalAddresses(numWorkers);
      for (int worker = 0; worker < numWorkers; worker++) {
        Optional<ClusterSpec> cluster = Optional.of(new ClusterSpec(addresses, worker));
        String name = "worker %d of %d".formatted(worker, numWorkers);
        started.add(new SteppedProcess(name, process(stage, numWorkers, cluster)));
      }
      List<SteppedProcess> together = started.subList(1, started.size());
      together.forEach(SteppedProcess::awaitReady);
      return turns(stage, started.subList(0, 1), together, progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      started.forEach(SteppedProcess::close);
    }
  }

  private WorkerProcess process(
      TrainingBench.SizedStage stage, int ofWorkers, Optional<ClusterSpec> cluster) {
    int numThreads = bench.config().engine().numThreads();
    return new WorkerProcess(
        List.of(
            "bench",
            "--config=" + config,
            "--seq-length=" + bench.maxSeqLength(),
            "--threads=" + numThreads,
            "--set=data.batchSize=" + ofWorkers * bench.config().data().batchSize(),
            "--stage=" + (stage.stage().index() + 1),
            "--turns"),
        cluster,
        numThreads,
        Math.max(1, 50 / (numWorkers + 1)));
  }

  private StageScaling turns(
      TrainingBench.SizedStage stage,
      List<SteppedProcess> alone,
      List<SteppedProcess> together,
      WorkProgress progress) {
    double[][] secondsAlone = new double[numTurns][];
    double[][] secondsTogether = new double[numTurns][];
    double[] secondsOfSums = new double[numTurns];
    double[] efficiencies = new double[numTurns];
    long sent = 0;
    boolean isMeasured = true;
    for (int turn = 0; turn < numTurns; turn++) {
      secondsAlone[turn] = turn(alone, Integer.toString(stepsPerTurn));
      OptionalLong before = LoopbackTraffic.sentBytes();
      secondsTogether[turn] = turn(together, Integer.toString(stepsPerTurn));
      OptionalLong after = LoopbackTraffic.sentBytes();
      isMeasured &= before.isPresent() && after.isPresent();
      sent += after.orElse(0) - before.orElse(0);
      secondsOfSums[turn] = turn(together, BenchTurns.SUMS)[0];
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

  /** Has all of them do it; returns the clocks of the first. */
  private static double[] turn(List<SteppedProcess> workers, String line) {
    workers.forEach(worker -> worker.ask(line));
    return workers.stream().map(SteppedProcess::seconds).toList().get(0);
  }

  private static StepTimes times(double[][] ofTurns) {
    return StepTimes.of(Doubles.concat(ofTurns));
  }
}
