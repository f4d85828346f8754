package org.tiedbert.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunLock;
import org.tiedbert.eval.Task.DataSet;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;
import org.tiedbert.train.DivergenceException;
import org.tiedbert.train.MisfitException;

/**
 * One fine-tuning run in one directory: begins it, or continues it where it stopped. A continued
 * run is bit for bit the one that never stopped, on the same machine, wall-clock times apart. The
 * directory is a model then: that of the best score.
 */
public final class FineTuning {
  private final FineTuningConfig config;
  private final String configYaml;
  private final Path output;
  private final FineTuningProgress progress;
  private volatile FineTuner tuner;
  private volatile boolean stopped;

  /**
   * @param configYaml the same configuration as text, kept as {@code config.yaml} in the run; a run
   *     is continued under the very same text alone
   * @param output the run directory; made, or continued
   */
  public FineTuning(
      FineTuningConfig config, String configYaml, Path output, FineTuningProgress progress) {
    this.config = config;
    this.configYaml = configYaml;
    this.output = output;
    this.progress = progress;
  }

  /**
   * Trains until the last epoch is done, patience is at its end or {@link #stop} is called.
   *
   * @return what came of it; empty if it was told to stop before, behind a checkpoint
   * @throws InputException if the data or the model do not fit; nothing is written then
   * @throws CheckpointException if the directory is not a run of this configuration, or another
   *     process writes it
   * @throws DivergenceException at a loss or gradient that is not finite
   */
  public Optional<FineTuningResult> run() {
    if (RunDirectory.isAt(output) && Files.exists(new RunDirectory(output).result())) {
      return Optional.of(ended(new RunDirectory(output)));
    }
    ModelDirectory model =
        ModelDirectory.open(config.init(), damaged -> progress.note(damaged.getMessage()));
    requireFit(model, config.maxSeqLength());
    Task task = config.task().task();
    Path folder = config.task().folder();
    List<EncodedExample> train;
    List<EncodedSet> dev = new ArrayList<>();
    try (ExampleEncoder encoder = encoder(model)) {
      train = encoder.encode(read(task, task.train(), folder));
      for (DataSet set : task.devSets()) {
        List<Example> examples = read(task, set, folder);
        dev.add(new EncodedSet(set.name(), examples, encoder.encode(examples)));
      }
    }
    RunDirectory run = RunDirectory.createOrContinue(output);
    RunLock lock = run.lock();
    try {
      run.settle(configYaml, model.vocabulary(), config.init());
      tuner = new FineTuner(config, configYaml, run, model, task, train, dev, progress);
      if (stopped) {
        tuner.stop();
      }
      return tuner.run();
    } finally {
      lock.close();
    }
  }

  /** Asks the run to take a checkpoint after its current step and end; any thread may call. */
  public void stop() {
    stopped = true;
    FineTuner running = tuner;
    if (running != null) {
      running.stop();
    }
  }

  /** The result of a run that has ended; it may have been killed before it was all tidied up. */
  private FineTuningResult ended(RunDirectory run) {
    RunLock lock = run.lock();
    try {
      run.settle(configYaml, Vocabulary.read(run.vocabulary()), output);
      progress.note("%s has ended already".formatted(output));
      FineTuningResult result = FineTuningResult.read(run.result());
      new CheckpointStore(run.checkpoints(), 1).removeAll();
      return result;
    } finally {
      lock.close();
    }
  }

  private ExampleEncoder encoder(ModelDirectory model) {
    Vocabulary vocabulary = model.vocabulary();
    return new ExampleEncoder(vocabulary, model.config().lowerCase(), config.maxSeqLength());
  }

  static void requireFit(ModelDirectory model, int maxSeqLength) {
    int positions = model.config().encoder().maxPositionEmbeddings();
    if (maxSeqLength > positions) {
      throw new MisfitException(
          "maxSeqLength must be at most the %d positions of the model in %s, got %d"
              .formatted(positions, model.path(), maxSeqLength));
    }
  }

  private static List<Example> read(Task task, DataSet set, Path folder) {
    if (!set.isIn(folder)) {
      throw new InputException(
          "fine-tuning on %s needs %s; there is no such file"
              .formatted(task.name(), folder.resolve(set.fileName())));
    }
    return set.read(folder);
  }
}
