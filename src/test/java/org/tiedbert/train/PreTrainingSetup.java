package org.tiedbert.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.tiedbert.checkpoint.Checkpoint;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.cli.RunConfigReader;
import org.tiedbert.corpus.ShardWriter;
import org.tiedbert.corpus.Split;
import org.tiedbert.text.Vocabulary;

/** A tiny corpus, a run on it that takes a second or two, and what tests ask of a run. */
public final class PreTrainingSetup {
  static final int SEQ_LENGTH = 16;
  static final int NUM_HELD_OUT = 22;

  private static final String RUN =
      """
      seed: 3
      data: {shards: %s, batchSize: 8, microBatchSize: 4}
      model:
        vocabSize: 58
        maxPositionEmbeddings: 16
        hiddenSize: 16
        numHiddenLayers: 2
        numAttentionHeads: 2
        intermediateSize: 32
      noise:
        maxPredictionsPerSeq: 3
        views:
          - {kind: tokenMasking, rate: 0.15, maskProb: 0.8, randomProb: 0.1}
          - {kind: tokenReplacement, rate: 0.2}
      loss: {tiedWeight: 1}
      learningRate: {peak: 1e-2, warmupSteps: 3}
      stages: {kind: mslt, steps: [5, 6], retrainSteps: 4, moments: copy}
      engine: {xla: off}
      checkpoint: {everySteps: 3, keepLast: 2}
      evaluation: {everySteps: 4, maxSequences: 10}
      """;

  private PreTrainingSetup() {}

  /** Special tokens 0 to 4, then letters, letters within words, and a full stop. */
  static Vocabulary vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    Stream.iterate('a', letter -> (char) (letter + 1))
        .limit(26)
        .map(String::valueOf)
        .forEach(tokens::add);
    Stream.iterate('a', letter -> (char) (letter + 1))
        .limit(26)
        .map("##%c"::formatted)
        .forEach(tokens::add);
    tokens.add(".");
    return Vocabulary.of(tokens);
  }

  /** 200 sequences to train on and 22 held out, of 6 to 16 tokens that count upwards. */
  public static Path shards(Path directory) {
    return shards(directory, vocabulary(), 200, false);
  }

  static Path shards(Path directory, Vocabulary vocabulary, int numTraining, boolean pairs) {
    Random random = new Random(5);
    try (ShardWriter writer =
        new ShardWriter(directory, ShardWriter.Layout.of(vocabulary, SEQ_LENGTH, pairs))) {
      for (int i = 0; i < numTraining + NUM_HELD_OUT; i++) {
        int[] inputIds = sequence(random, vocabulary.size());
        int[] segmentIds = new int[SEQ_LENGTH];
        segmentIds[4] = 1;
        writer.write(i < numTraining ? Split.TRAIN : Split.HELD_OUT, inputIds, segmentIds, i % 2);
      }
      writer.finish();
    }
    return directory;
  }

  private static int[] sequence(Random random, int vocabSize) {
    int[] inputIds = new int[SEQ_LENGTH];
    int length = 6 + random.nextInt(SEQ_LENGTH - 5);
    int first = random.nextInt(vocabSize);
    inputIds[0] = 2;
    for (int i = 1; i < length - 1; i++) {
      inputIds[i] = 5 + (first + i) % (vocabSize - 5);
    }
    inputIds[length - 1] = 3;
    return inputIds;
  }

  /** The configuration as a file beside the shards: 5 + 6 + 4 steps of two views. */
  public static Path configFile(Path shards) {
    try {
      return Files.writeString(shards.resolveSibling("tiny.yaml"), RUN.formatted(shards));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same configuration, but for the settings given as {@code path=value}. */
  static PreTrainingConfig config(Path shards, String... overrides) {
    return RunConfigReader.read(configFile(shards), List.of(overrides));
  }

  /** The graphs of a run by one worker. */
  static StageGraphs graphs(PreTrainingConfig config) {
    return StageGraphs.ofOneWorker(config, vocabulary(), SEQ_LENGTH);
  }

  static PreTraining run(PreTrainingConfig config, Path output, Progress progress) {
    return new PreTraining(config, RunConfigReader.write(config), output, progress);
  }

  static PreTraining.Outcome run(PreTrainingConfig config, Path output) {
    return run(config, output, Progress.silent()).run();
  }

  /** Trains until it is told to stop right after an update. */
  static PreTraining.Outcome stopAt(PreTrainingConfig config, Path output, long step) {
    PreTraining[] training = new PreTraining[1];
    training[0] =
        run(
            config,
            output,
            afterStep(
                done -> {
                  if (done == step) {
                    training[0].stop();
                  }
                }));
    return training[0].run();
  }

  /** Stands for a process that dies: nothing is saved any more. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Listens to nothing but what is overridden. */
  static class Listener implements Progress {
    @Override
    public void stageStarted(StageReport stage) {}

    @Override
    public void step(StepReport step) {}

    @Override
    public void evaluated(EvaluationReport evaluation) {}

    @Override
    public void checkpoint(Path directory) {}

    @Override
    public void note(String line) {}

    @Override
    public void close() {}
  }

  /** Calls with the number of every update, counted from 1, right after it. */
  static Progress afterStep(LongConsumer call) {
    return new Listener() {
      @Override
      public void step(StepReport step) {
        call.accept(step.step());
      }
    };
  }

  /** The lines of {@code metrics.jsonl}, but for what two equal runs do not share. */
  public static List<String> metrics(Path run) {
    try (Stream<String> lines = Files.lines(new RunDirectory(run).metrics())) {
      return lines.map(MetricsLog::withoutTime).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Checkpoint latest(Path run) {
    return checkpoints(run)
        .latest(
            damaged -> {
              throw damaged;
            })
        .orElseThrow();
  }

  static List<String> checkpointNames(Path run) {
    return checkpoints(run).all().stream().map(c -> c.path().getFileName().toString()).toList();
  }

  private static CheckpointStore checkpoints(Path run) {
    return new CheckpointStore(new RunDirectory(run).checkpoints(), CheckpointStore.KEEP_ALL);
  }

  /** A tensor of the checkpoint after a step. */
  static float[] tensor(Path run, long step, String name) {
    try (TensorBundle bundle = bundle(run, step)) {
      return bundle.floats(name);
    }
  }

  /** The checkpoint after a step; closed by the caller. */
  static TensorBundle bundle(Path run, long step) {
    return TensorBundle.open(
        Checkpoint.open(new RunDirectory(run).checkpoints().resolve("step-" + step)).prefix());
  }
}
