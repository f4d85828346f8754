package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.eval.FineTuningConfig.Evaluation;
import org.tiedbert.export.Classification;
import org.tiedbert.export.SavedModelEncoder;
import org.tiedbert.export.SavedModelExport;
import org.tiedbert.text.InputException;
import org.tiedbert.train.MetricsLog;

class FineTuningTest {
  private static final String YAML = "the: same\n";

  @TempDir private Path folder;
  private TinyTask tiny;

  @BeforeEach
  void makeTask() {
    tiny = new TinyTask(folder);
  }

  @Test
  void learnsATaskAndLeavesAModelThatServesIt() {
    Path run = folder.resolve("run");
    // when
    FineTuningResult result = run(tiny.config(), run).orElseThrow();
    // then
    assertThat(result.score()).isEqualTo(1);
    assertThat(result.steps()).isEqualTo(4 * 12);
    assertThat(result.bestStep()).isIn(12L, 24L, 36L, 48L);
    assertThat(FineTuningResult.read(run.resolve("result.json"))).isEqualTo(result);
    assertThat(run.resolve("checkpoints")).doesNotExist();
    assertThat(DevPrediction.read(run.resolve(DevPrediction.FILE_NAME), line -> {}))
        .hasSize(40)
        .allMatch(DevPrediction::matches);
    // and: the SavedModel says what the model says, in the live graph
    ModelDirectory model = open(run);
    assertThat(model.labels().orElseThrow().names()).containsExactly("boat", "water");
    Path savedModel = folder.resolve("saved");
    new SavedModelExport(model).write(savedModel);
    Task task = tiny.classification().task();
    List<Example> examples = task.devSets().get(0).read(Path.of(""));
    double[] predicted;
    try (FineTunedModel live =
        FineTunedModel.open(run, task.output(), 16, tiny.config().engine())) {
      predicted = live.predict(examples);
    }
    try (SavedModelEncoder served = SavedModelEncoder.load(savedModel)) {
      List<List<Classification>> classes =
          served.classify(examples.stream().map(e -> e.inputs().get(0).first()).toList());
      for (int i = 0; i < examples.size(); i++) {
        assertThat(classes.get(i).get(0).label()).isEqualTo(task.output().inWords(predicted[i]));
        assertThat(predicted[i]).isEqualTo(examples.get(i).target().getAsDouble());
      }
    }
  }

  @Test
  void aContinuedRunIsTheOneThatNeverStopped() throws IOException {
    FineTuningConfig config =
        tiny.config(tiny.classification(), new Evaluation(2, Optional.empty()), 3);
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    // given
    run(config, whole).orElseThrow();
    // when: stopped within epochs, at checkpoints and besides, and at a score
    for (long stopAt : new long[] {3, 7, 12, 20}) {
      assertThat(stoppedAt(stopAt, config, parts)).isEmpty();
    }
    run(config, parts).orElseThrow();
    // then
    assertThat(lines(parts)).isEqualTo(lines(whole));
    assertThat(lines(whole)).hasSize(36 + 6);
    assertThat(modelBytes(parts)).isEqualTo(modelBytes(whole));
    assertThat(Files.readAllBytes(parts.resolve(DevPrediction.FILE_NAME)))
        .isEqualTo(Files.readAllBytes(whole.resolve(DevPrediction.FILE_NAME)));
  }

  @Test
  void aFinishedRunIsLeftAsItIs() throws IOException {
    Path run = folder.resolve("run");
    FineTuningConfig config =
        tiny.config(tiny.classification(), new Evaluation(1, Optional.empty()), 1);
    FineTuningResult first = run(config, run).orElseThrow();
    byte[] metrics = Files.readAllBytes(run.resolve("metrics.jsonl"));
    assertThat(run(config, run)).contains(first);
    assertThat(Files.readAllBytes(run.resolve("metrics.jsonl"))).isEqualTo(metrics);
  }

  @Test
  void patienceEndsARun() {
    // given: a learning rate at which nothing gets better
    FineTuningConfig base =
        tiny.config(tiny.classification(), new Evaluation(1, Optional.of(2)), 9);
    FineTuningConfig config =
        new FineTuningConfig(
            base.seed(),
            base.init(),
            base.weights(),
            base.task(),
            base.maxSeqLength(),
            base.batchSize(),
            base.epochs(),
            new FineTuningConfig.Rate(1e-12, 0),
            base.optimizer(),
            base.clip(),
            base.evaluation(),
            base.checkpoint(),
            base.engine());
    // when
    FineTuningResult result = run(config, folder.resolve("run")).orElseThrow();
    // then: best at the first score, and two more
    assertThat(result.bestStep()).isEqualTo(12);
    assertThat(result.steps()).isEqualTo(36);
    assertThat(result.stoppedEarly()).isTrue();
  }

  @Test
  void learnsScoresToo() {
    // given: the share of deep among deep and cold
    StringBuilder lines =
        new StringBuilder("{\"a\": \"deep\", \"y\": 1}\n{\"a\": \"cold\", \"y\": 0}\n");
    for (int i = 0; i < 60; i++) {
      int numDeep = i % 5;
      lines.append(
          "{\"a\": \"%s\", \"y\": %s}%n"
              .formatted("deep ".repeat(numDeep) + "cold ".repeat(4 - numDeep), numDeep / 4.0));
    }
    Path file = TinyTask.write(folder.resolve("scores.jsonl"), lines.toString());
    TaskConfig task =
        new TaskConfig.Regression(file, file, Optional.empty(), "a", Optional.empty(), "y");
    // when
    FineTuningResult result =
        run(tiny.config(task, new Evaluation(1, Optional.empty()), 12), folder.resolve("run"))
            .orElseThrow();
    // then
    assertThat(result.dataSets().get(0).metrics().get("pearson")).isGreaterThan(0.95);
    assertThat(result.score())
        .isCloseTo(
            result.dataSets().get(0).metrics().values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow(),
            within(1e-12));
  }

  @Test
  void anUntrainedModelTakesNothingButTheShape() {
    FineTuningConfig base = tiny.config();
    FineTuningConfig untrained =
        new FineTuningConfig(
            base.seed(),
            base.init(),
            FineTuningConfig.Weights.UNTRAINED,
            base.task(),
            base.maxSeqLength(),
            base.batchSize(),
            1,
            base.learningRate(),
            base.optimizer(),
            base.clip(),
            base.evaluation(),
            base.checkpoint(),
            base.engine());
    List<String> notes = new ArrayList<>();
    new FineTuning(untrained, YAML, folder.resolve("run"), stopping(1, notes, new FineTuning[1]))
        .run();
    assertThat(notes).anyMatch(note -> note.startsWith("starts untrained, in the shape of"));
  }

  @Test
  void refusesWhatDoesNotFit() {
    FineTuningConfig config = tiny.config();
    // a run of another configuration
    Path run = folder.resolve("run");
    stoppedAt(2, config, run);
    assertThatThrownBy(
            () -> new FineTuning(config, "an: other\n", run, FineTuningProgress.silent()).run())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("was begun with another configuration");
    // a label that the training file does not have
    TinyTask.write(tiny.dev, "text\tlabel\nthe sea\tplane\n");
    assertThatThrownBy(() -> run(config, folder.resolve("other")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "dev.tsv, line 2: the label must be one of [boat, water], got 'plane'");
    assertThat(folder.resolve("other")).doesNotExist();
    // a column that is not there
    TaskConfig task =
        new TaskConfig.Classification(
            tiny.train, tiny.dev, Optional.empty(), "body", Optional.empty(), "label");
    assertThatThrownBy(
            () -> run(tiny.config(task, config.evaluation(), 1), folder.resolve("other")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a column 'body' is needed, there is [text, label]");
    // a model without the classifier that predicting takes
    assertThatThrownBy(
            () ->
                FineTunedModel.open(
                    tiny.model, tiny.classification().task().output(), 16, config.engine()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not fine-tuned: it has no classifier");
  }

  @Test
  void refusesMoreTokensThanTheModelHasPositions() {
    FineTuningConfig base = tiny.config();
    FineTuningConfig config =
        new FineTuningConfig(
            base.seed(),
            base.init(),
            base.weights(),
            base.task(),
            25,
            base.batchSize(),
            base.epochs(),
            base.learningRate(),
            base.optimizer(),
            base.clip(),
            base.evaluation(),
            base.checkpoint(),
            base.engine());
    assertThatThrownBy(() -> run(config, folder.resolve("run")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("maxSeqLength must be at most the 24 positions of the model")
        .hasMessageContaining("got 25");
  }

  private static Optional<FineTuningResult> run(FineTuningConfig config, Path output) {
    return new FineTuning(config, YAML, output, FineTuningProgress.silent()).run();
  }

  private static Optional<FineTuningResult> stoppedAt(
      long step, FineTuningConfig config, Path output) {
    FineTuning[] holder = new FineTuning[1];
    holder[0] = new FineTuning(config, YAML, output, stopping(step, new ArrayList<>(), holder));
    return holder[0].run();
  }

  private static FineTuningProgress stopping(long stopAt, List<String> notes, FineTuning[] holder) {
    return new FineTuningProgress() {
      @Override
      public void note(String line) {
        notes.add(line);
      }

      @Override
      public void step(long steps, long totalSteps, double loss) {
        if (steps == stopAt && holder[0] != null) {
          holder[0].stop();
        }
      }

      @Override
      public void scored(long steps, List<Scores> scores, boolean best) {}
    };
  }

  private static ModelDirectory open(Path run) {
    return ModelDirectory.open(
        run,
        damaged -> {
          throw damaged;
        });
  }

  private static List<String> lines(Path run) throws IOException {
    try (Stream<String> lines = Files.lines(run.resolve("metrics.jsonl"))) {
      return lines.map(MetricsLog::withoutTime).toList();
    }
  }

  private static byte[] modelBytes(Path run) throws IOException {
    Path prefix = open(run).prefix();
    return Files.readAllBytes(prefix.resolveSibling(prefix.getFileName() + ".data-00000-of-00001"));
  }
}
