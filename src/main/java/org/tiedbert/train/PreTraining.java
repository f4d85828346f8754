package org.tiedbert.train;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.exceptions.TensorFlowException;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunLock;
import org.tiedbert.cluster.ClusterException;
import org.tiedbert.cluster.ClusterSpec;
import org.tiedbert.cluster.OneWorker;
import org.tiedbert.cluster.WorkerGroup;
import org.tiedbert.cluster.Workers;
import org.tiedbert.corpus.ShardManifest;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.corpus.Split;
import org.tiedbert.text.Vocabulary;

/**
 * One pre-training run in one directory: begins it, or continues it where it stopped. A continued
 * run is bit for bit the one that never stopped, on the same machine, wall-clock times apart.
 */
public final class PreTraining {
  private final PreTrainingConfig config;
  private final String configYaml;
  private final Path output;
  private final Progress progress;
  private final Optional<ClusterSpec> cluster;
  private final Consumer<ClusterException> stuck;
  private volatile Workers workers;
  private volatile boolean stopped;

  /**
   * @param configYaml the same configuration as text, kept as {@code config.yaml} in the run and in
   *     every checkpoint; a run is continued under the very same text alone
   * @param output the run directory; made, or continued
   */
  public PreTraining(PreTrainingConfig config, String configYaml, Path output, Progress progress) {
    this(config, configYaml, output, progress, Optional.empty(), lost -> {});
  }

  /**
   * The same run by several workers, of which this is one. All of them are made with the same
   * configuration, and find the same shards; only the chief uses the run directory. One such worker
   * can be in a process, and once: its server lives as long as the process.
   *
   * @param cluster who they are; empty for a run by this worker alone
   * @param stuck told, by another thread, of a worker that was lost while TensorFlow goes on to
   *     wait for it; {@link #run} does not return then, so it should end the process
   */
  public PreTraining(
      PreTrainingConfig config,
      String configYaml,
      Path output,
      Progress progress,
      Optional<ClusterSpec> cluster,
      Consumer<ClusterException> stuck) {
    this.cluster = cluster;
    this.stuck = stuck;
    this.config = config;
    this.configYaml = configYaml;
    this.output = output;
    this.progress = progress;
  }

  /** How a run ended. */
  public enum Outcome {
    /** The plan is done. */
    FINISHED,
    /** It was asked to stop, and a checkpoint was taken. */
    STOPPED
  }

  /**
   * Trains until the plan is done or {@link #stop} is called.
   *
   * @throws MisfitException if the shards, or the model to start from, do not fit the
   *     configuration; nothing is written then
   * @throws CheckpointException if the directory is not a run of this configuration, or another
   *     process writes it
   * @throws DivergenceException if it diverged once more than it may go back
   * @throws ClusterException if another worker was lost
   */
  public Outcome run() {
    Path directory = config.data().shards();
    Vocabulary vocabulary = ShardReader.vocabulary(directory);
    try (ShardReader train = ShardReader.open(directory, Split.TRAIN, vocabulary);
        ShardReader heldOut = ShardReader.open(directory, Split.HELD_OUT, vocabulary)) {
      Fit.require(config, vocabulary, train.manifest());
      cluster.ifPresent(spec -> Fit.require(config, spec));
      return withWorkers(new RunInputs(vocabulary, train, heldOut));
    }
  }

  /** What a run reads; closed by whoever opened it. */
  private record RunInputs(Vocabulary vocabulary, ShardReader train, ShardReader heldOut) {}

  private Outcome withWorkers(RunInputs inputs) {
    Optional<InitialModel> initial =
        isChief() ? initialModel(inputs.vocabulary(), inputs.train().manifest()) : Optional.empty();
    workers =
        cluster.isEmpty()
            ? new OneWorker(config.engine())
            : new WorkerGroup(cluster.get(), config.cluster(), config.engine(), stuck);
    if (stopped) {
      workers.requestStop();
    }
    if (cluster.isPresent()) {
      progress.note(
          "this worker's server, %s, listens on all interfaces and asks nobody who they are: keep"
                  .formatted(cluster.get().workers().get(cluster.get().worker()))
              + " its port closed to all but the workers");
    }
    try {
      return workers.meet(progress::note) ? together(inputs, initial) : Outcome.STOPPED;
    } catch (TensorFlowException e) {
      throw workers.explain(e);
    } finally {
      workers.close();
    }
  }

  private boolean isChief() {
    return cluster.isEmpty() || cluster.get().worker() == 0;
  }

  /** Asks the run to take a checkpoint after its current step and end; any thread may call. */
  public void stop() {
    stopped = true;
    Workers running = workers;
    if (running != null) {
      running.requestStop();
    }
  }

  private Outcome together(RunInputs inputs, Optional<InitialModel> initial) {
    Fit.requireSame(workers, configYaml, inputs.vocabulary(), inputs.train().manifest());
    StageGraphs graphs =
        new StageGraphs(config, inputs.vocabulary(), inputs.train().maxSeqLength(), workers);
    if (!workers.isChief()) {
      return trainer(inputs, graphs, new NoKeeper()).run();
    }
    RunDirectory run = RunDirectory.createOrContinue(output);
    RunLock lock = run.lock();
    try {
      run.settle(configYaml, inputs.vocabulary(), config.data().shards());
      ChiefKeeper keeper =
          new ChiefKeeper(
              config,
              configYaml,
              run,
              graphs,
              inputs.vocabulary(),
              inputs.train(),
              initial,
              progress);
      return trainer(inputs, graphs, keeper).run();
    } finally {
      lock.close();
    }
  }

  private Trainer trainer(RunInputs inputs, StageGraphs graphs, RunKeeper keeper) {
    HeldOut evaluation =
        new HeldOut(
            inputs.heldOut(),
            inputs.vocabulary(),
            config.evaluation().maxSequences(),
            graphs.share().microBatchSize(),
            config.loss().nextSentence(),
            workers);
    return new Trainer(
        config, graphs, inputs.vocabulary(), inputs.train(), evaluation, keeper, workers, progress);
  }

  /** For a run that has no checkpoint yet: the first one holds all that comes from the model. */
  private Optional<InitialModel> initialModel(Vocabulary vocabulary, ShardManifest shards) {
    Path checkpoints = new RunDirectory(output).checkpoints();
    boolean begun = !new CheckpointStore(checkpoints, CheckpointStore.KEEP_ALL).all().isEmpty();
    return begun
        ? Optional.empty()
        : config
            .init()
            .map(
                model ->
                    InitialModel.open(
                        model,
                        config,
                        vocabulary,
                        shards,
                        damaged -> progress.note(damaged.getMessage())));
  }
}
