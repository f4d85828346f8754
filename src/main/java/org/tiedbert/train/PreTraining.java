package org.tiedbert.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunLock;
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
  private volatile Trainer trainer;
  private volatile boolean stopped;

  /**
   * @param configYaml the same configuration as text, kept as {@code config.yaml} in the run and in
   *     every checkpoint; a run is continued under the very same text alone
   * @param output the run directory; made, or continued
   */
  public PreTraining(PreTrainingConfig config, String configYaml, Path output, Progress progress) {
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
   */
  public Outcome run() {
    Path directory = config.data().shards();
    Vocabulary vocabulary = Vocabulary.read(directory.resolve(Vocabulary.FILE_NAME));
    try (ShardReader train = ShardReader.open(directory, Split.TRAIN, vocabulary);
        ShardReader heldOut = ShardReader.open(directory, Split.HELD_OUT, vocabulary)) {
      requireFit(config, vocabulary, train.manifest());
      Optional<InitialModel> initial = initialModel(vocabulary, train.manifest());
      RunDirectory run = RunDirectory.createOrContinue(output);
      RunLock lock = run.lock();
      try {
        run.settle(configYaml, vocabulary, config.data().shards());
        return train(run, vocabulary, train, heldOut, initial);
      } finally {
        lock.close();
      }
    }
  }

  /** Asks the run to take a checkpoint after its current step and end; any thread may call. */
  public void stop() {
    stopped = true;
    Trainer running = trainer;
    if (running != null) {
      running.stop();
    }
  }

  private Outcome train(
      RunDirectory run,
      Vocabulary vocabulary,
      ShardReader train,
      ShardReader heldOut,
      Optional<InitialModel> initial) {
    StageGraphs graphs = new StageGraphs(config, vocabulary, train.maxSeqLength());
    HeldOut evaluation =
        new HeldOut(
            heldOut,
            vocabulary,
            config.evaluation().maxSequences(),
            config.data().microBatchSize(),
            config.loss().nextSentence());
    trainer =
        new Trainer(
            config, configYaml, run, graphs, vocabulary, train, evaluation, initial, progress);
    if (stopped) {
      trainer.stop();
    }
    return trainer.run();
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

  /** Refuses a configuration that does not fit the shards, with all that is wrong. */
  static void requireFit(PreTrainingConfig config, Vocabulary vocabulary, ShardManifest shards) {
    List<String> problems = new ArrayList<>();
    if (vocabulary.size() != config.model().vocabSize()) {
      problems.add(
          "model.vocabSize must be the %d entries of the shards' vocabulary, got %d"
              .formatted(vocabulary.size(), config.model().vocabSize()));
    }
    if (shards.maxSeqLength() > config.model().maxPositionEmbeddings()) {
      problems.add(
          "model.maxPositionEmbeddings must be at least the shards' sequence length %d, got %d"
              .formatted(shards.maxSeqLength(), config.model().maxPositionEmbeddings()));
    }
    if (config.noise().maxPredictionsPerSeq() > shards.maxSeqLength()) {
      problems.add(
          "noise.maxPredictionsPerSeq must be at most the shards' sequence length %d, got %d"
              .formatted(shards.maxSeqLength(), config.noise().maxPredictionsPerSeq()));
    }
    if (config.loss().nextSentence() && !shards.nextSentencePairs()) {
      problems.add(
          "loss.nextSentence needs shards of sentence pairs; write them with prepare --nsp, or set"
              + " loss.nextSentence=false");
    }
    if (shards.train().numSequences() == 0) {
      problems.add(
          "data.shards must hold sequences to train on, these hold none; prepare more text, or hold"
              + " less of it out");
    }
    if (!problems.isEmpty()) {
      throw new MisfitException(
          "the configuration does not fit the shards in %s:%n  %s"
              .formatted(config.data().shards(), String.join("%n  ".formatted(), problems)));
    }
  }
}
