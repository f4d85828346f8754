package org.tiedbert.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.chart.Drawn;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.eval.DevPrediction;
import org.tiedbert.eval.Example;
import org.tiedbert.eval.TaskOutput;
import org.tiedbert.eval.TextPair;

/** Pages of fine-tuning runs, from files such as those leave. */
class TuningReportTest {
  private static final TaskOutput CLASSES = new TaskOutput.Classes(List.of("bird", "<fish>"));

  @TempDir Path folder;

  @BeforeEach
  void aRun() throws IOException {
    RunDirectory.createOrContinue(folder).lock().close();
    Files.writeString(
        folder.resolve("config.yaml"),
        "task: MNLI\nepochs: 3\nbatchSize: 16\nlearningRate: {peak: 0.00005}\n");
    Files.writeString(
        folder.resolve("metrics.jsonl"),
        """
        {"kind":"step","step":1,"loss":0.75,"learningRate":1e-5,"gradientNorm":2,"time":{"seconds":0.5}}
        {"kind":"step","step":2,"loss":0.5,"learningRate":0,"gradientNorm":1,"time":{"seconds":0.25}}
        {"kind":"eval","step":1,"dataSet":"matched","accuracy":0.75,"f1":0.5,"score":0.625}
        {"kind":"eval","step":1,"dataSet":"mismatched","accuracy":0.5,"f1":0.25,"score":0.375}
        {"kind":"eval","step":2,"dataSet":"matched","accuracy":0.875,"f1":0.5,"score":0.6875}
        {"kind":"eval","step":2,"dataSet":"mismatched","accuracy":0.25,"f1":0.125,"score":0.1875}
        """);
  }

  private String page() {
    return new RunReport(folder, DefaultSettings.NONE, true).html();
  }

  private String read() {
    return page()
        .replaceFirst("(?s)<style>.*?</style>", "")
        .replaceAll("<[^>]*>", " ")
        .replaceAll("\\s+", " ");
  }

  private void predictions(TaskOutput output, double[][] targetsAndPredictions) {
    List<DevPrediction> predictions = new ArrayList<>();
    for (double[] one : targetsAndPredictions) {
      Example example =
          new Example(
              predictions.size(),
              List.of(TextPair.of("text <i>%d</i>".formatted(predictions.size()), "second")),
              OptionalDouble.of(one[0]));
      predictions.add(DevPrediction.of("matched", output, example, one[1]));
    }
    DevPrediction.write(folder.resolve(DevPrediction.FILE_NAME), predictions);
  }

  @Test
  void theBestStepIsThatOfAllDevSetsTogether() {
    // means of the scores: 0.5 after step 1, 0.4375 after step 2
    assertThat(read())
        .contains("Fine-tuned on MNLI, 3 epochs, batches of 16, learning rate 0.00005.")
        .contains("Scores are those of the best model, at step 1.")
        .contains("matched 62.50 accuracy 0.7500, f1 0.5000")
        .contains("mismatched 37.50 accuracy 0.5000, f1 0.2500")
        .contains("matched accuracy 0.7500 0.8750")
        .contains("mismatched f1 0.2500 0.1250")
        .contains("Steps 2", "Time 0.8 s in steps")
        .contains("matched, last 68.75", "mismatched, last 18.75", "training, last 0.500")
        .contains("stopped Stopped at step 2.")
        .doesNotContain("Stages", "Checkpoints", "Samples");
  }

  @Test
  void aResultSaysThatItIsDone() throws IOException {
    Files.writeString(folder.resolve("result.json"), "{}");
    assertThat(read()).contains("finished Finished after step 2.");
  }

  @Test
  void classesHaveAMatrixAndMistakesComeFirst() {
    predictions(CLASSES, new double[][] {{0, 0}, {0, 1}, {1, 1}, {1, 1}, {0, 1}, {1, 0}});
    assertThat(page()).doesNotContain("<fish>", "<i>");
    assertThat(read())
        .contains("matched, 6 examples")
        // rows in the order of the alphabet: of 3 fish 2 are right, of 3 birds 1
        .contains("&lt;fish&gt; bird Recall &lt;fish&gt; 2 1 66.7 % bird 2 1 33.3 %")
        .contains("bird taken for &lt;fish&gt; 2× &lt;fish&gt; taken for bird 1×")
        .containsSubsequence(
            "text &lt;i&gt;1&lt;/i&gt; second bird &lt;fish&gt;",
            "text &lt;i&gt;5&lt;/i&gt; second &lt;fish&gt; bird",
            "text &lt;i&gt;0&lt;/i&gt; second bird bird");
  }

  @Test
  void scoresHaveAPlotAndTheFarthestComeFirst() throws Exception {
    predictions(
        new TaskOutput.Score("similarity", 0, 5),
        new double[][] {{1, 1.5}, {5, 0.25}, {2, Double.NaN}, {3, 3.125}});
    assertThat(read())
        .containsSubsequence(
            "The largest mistakes:",
            "text &lt;i&gt;1&lt;/i&gt; second 5.0 0.25",
            "text &lt;i&gt;0&lt;/i&gt; second 1.0 1.50",
            "text &lt;i&gt;3&lt;/i&gt; second 3.0 3.1");
    EmbeddedCharts embedded = EmbeddedCharts.of(page());
    Drawn scatter = embedded.charts().get(embedded.charts().size() - 1);
    assertThat(embedded.alts()).endsWith("predicted against right scores");
    List<double[]> points = scatter.markers("rgb(0,114,178)");
    assertThat(points).hasSize(3);
    // on equal axes: (1, 1.5) and (3, 3.125) are 2 apart to the right and 1.625 upwards
    double right = points.get(2)[0] - points.get(0)[0];
    double up = points.get(0)[1] - points.get(2)[1];
    double[] equal = scatter.paths("rgb(102,102,102)").get(0); // from corner to corner
    double slope = (equal[1] - equal[3]) / (equal[2] - equal[0]);
    assertThat(up / right).isCloseTo(slope * 1.625 / 2, within(0.001));
  }

  @Test
  void manyLabelsHaveNoMatrixButTheirMistakes() {
    List<String> labels = new ArrayList<>();
    double[][] all = new double[40][];
    for (int i = 0; i < 40; i++) {
      labels.add("label" + i);
      all[i] = new double[] {i, 0};
    }
    predictions(new TaskOutput.Classes(labels), all);
    assertThat(read()).contains("label1 taken for label0 1×").doesNotContain("Recall");
  }

  @Test
  void choicesAreNumbered() {
    Example example =
        new Example(
            7,
            List.of(TextPair.of("start", "end one"), TextPair.of("start", "end two")),
            OptionalDouble.of(1));
    DevPrediction.write(
        folder.resolve(DevPrediction.FILE_NAME),
        List.of(DevPrediction.of("dev", new TaskOutput.Choices(2), example, 0)));
    assertThat(read()).contains("1: start | end one 2: start | end two 2 1");
  }

  @Test
  void damagedPredictionsAreCountedAndPassedOver() throws IOException {
    predictions(CLASSES, new double[][] {{0, 0}});
    Path file = folder.resolve(DevPrediction.FILE_NAME);
    Files.writeString(file, "{\"dataSet\":\"x\"}\nnothing\n" + Files.readString(file));
    assertThat(read())
        .contains("predictions.jsonl, line 1, is not a prediction; nor are 1 others.")
        .contains("matched, 1 example");
  }
}
