package org.tiedbert.report;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.Recoveries;
import org.tiedbert.checkpoint.Recovery;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunLock;
import org.tiedbert.cli.RunConfigReader;
import org.tiedbert.text.InputException;
import org.tiedbert.train.PreTraining;
import org.tiedbert.train.PreTrainingConfig;
import org.tiedbert.train.PreTrainingSetup;
import org.tiedbert.train.Progress;

/** Pages of a run of 15 steps in three stages, whole and in every state of disrepair. */
class RunReportTest {
  private static final DefaultSettings DEFAULTS =
      kind -> "loss: {tiedWeight: 0, featureLevel: word}\nclip: {maxNorm: 1.0}\n";

  @TempDir static Path folder;

  private static Path finished;
  private static String page;

  @BeforeAll
  static void trainAndReport() throws IOException {
    Path shards = PreTrainingSetup.shards(folder.resolve("shards"));
    PreTrainingConfig config = RunConfigReader.read(PreTrainingSetup.configFile(shards), List.of());
    finished = folder.resolve("a <b>run");
    new PreTraining(config, RunConfigReader.write(config), finished, Progress.silent()).run();
    RunReport report = new RunReport(finished, DEFAULTS, true);
    report.write(report.defaultFile());
    page = Files.readString(finished.resolve("report/index.html"));
  }

  /** A copy of the run that a test may damage. */
  private static Path copy(String name) throws IOException {
    Path copy = folder.resolve(name);
    try (Stream<Path> files = Files.walk(finished)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(finished.relativize(file).toString()));
      }
    }
    return copy;
  }

  private static String pageOf(Path run) {
    return new RunReport(run, DEFAULTS, false).html();
  }

  /** Without tags, as it is read. */
  private static String read(String html) {
    return html.replaceFirst("(?s)<style>.*?</style>", "")
        .replaceAll("<[^>]*>", " ")
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&#x3D;", "=")
        .replaceAll("\\s+", " ");
  }

  private static List<JsonNode> lines(Predicate<JsonNode> wanted) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(finished.resolve("metrics.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines.stream().filter(wanted).toList();
  }

  private static List<JsonNode> lines(String kind) throws IOException {
    return lines(line -> line.get("kind").asText().equals(kind));
  }

  private static String tile(String label) {
    Matcher tile =
        Pattern.compile("<dt>%s</dt><dd class=\"value\">([^<]*)</dd>".formatted(label))
            .matcher(page);
    assertThat(tile.find()).as(label).isTrue();
    return tile.group(1);
  }

  private static String format(String pattern, double number) {
    return String.format(Locale.ROOT, pattern, number);
  }

  @Test
  void needsNothingBesideIt() throws Exception {
    assertThat(page)
        .startsWith("<!DOCTYPE html>")
        .doesNotContain("http:", "https:", "<link", "<script", "url(", "@import");
    assertThat(page.replace("src=\"data:image/svg+xml;base64,", "")).doesNotContain("src=");
    assertThat(EmbeddedCharts.of(page).charts())
        .hasSize(6)
        .allSatisfy(
            chart -> {
              assertThat(chart.all("image")).isEmpty();
              assertThat(chart.all("*")).noneMatch(part -> part.hasAttribute("href"));
            });
    assertThat(page).doesNotContain("{{", "}}", "NaN", "null", "Optional[");
  }

  @Test
  void namesOfFilesAreTextAndNothingElse() {
    assertThat(page).doesNotContain("<b>run").contains("a &lt;b&gt;run");
  }

  @Test
  void theSummaryIsThatOfTheMetrics() throws IOException {
    List<JsonNode> steps = lines("step");
    JsonNode heldOut = lines("eval").get(lines("eval").size() - 1);
    double seconds = steps.stream().mapToDouble(step -> step.at("/time/seconds").asDouble()).sum();
    assertThat(tile("Held-out loss"))
        .isEqualTo(format("%.3f", heldOut.get("crossEntropy").asDouble()));
    assertThat(read(page))
        .contains(
            "nats, at step 15; guessing by frequency: "
                + format("%.3f", heldOut.get("unigramEntropy").asDouble()))
        .contains("finished Finished after 15 steps.")
        .contains(
            "A Tied-BERT of 2 layers × 16, two noised views of every sequence tied with w = 1 at"
                + " word level, grown by multi-stage layerwise training.");
    assertThat(tile("Held-out accuracy"))
        .isEqualTo(format("%.1f %%", 100 * heldOut.get("accuracy").asDouble()));
    assertThat(tile("Steps")).isEqualTo("15");
    assertThat(tile("Sequences seen")).isEqualTo("120"); // 15 batches of 8
    assertThat(tile("Sequences a second")).isEqualTo(format("%.1f", 120 / seconds));
  }

  @Test
  void theStagesAreThoseOfTheMetrics() throws IOException {
    List<JsonNode> stages = lines("stage");
    double all = 0;
    for (JsonNode step : lines("step")) {
      all += step.at("/time/seconds").asDouble();
    }
    List<String> trains = List.of("everything", "layer 1 and output layer", "everything");
    for (int i = 0; i < 3; i++) {
      int number = i + 1;
      JsonNode stage = stages.get(i);
      List<JsonNode> steps =
          lines(l -> l.get("kind").asText().equals("step") && l.get("stage").asInt() == number);
      double seconds =
          steps.stream().mapToDouble(step -> step.at("/time/seconds").asDouble()).sum();
      double trainable = stage.get("numTrainable").asDouble();
      String row =
          "%d · %s %d %s %,d %s %,d %d"
              .formatted(
                  number,
                  stage.get("name").asText(),
                  stage.get("numLayers").asInt(),
                  trains.get(i),
                  stage.get("numTrainable").asLong(),
                  format("%.1f %%", 100 * trainable / stage.get("numParameters").asDouble()),
                  stage.get("numParameters").asLong(),
                  steps.size());
      assertThat(read(page)).contains(row).contains(format("%.1f %%", 100 * seconds / all));
    }
  }

  @Test
  void theCurvesEndWithTheLastValues() throws Exception {
    JsonNode step = lines("step").get(14);
    JsonNode heldOut = lines("eval").get(lines("eval").size() - 1);
    double accuracy =
        (step.get("accuracyOfView1").asDouble() + step.get("accuracyOfView2").asDouble()) / 2;
    assertThat(read(page))
        .contains("Each point of training is a step. Dotted lines: a stage begins.")
        .contains("training, last " + format("%.3f", step.get("crossEntropy").asDouble()))
        .contains("held-out, last " + format("%.3f", heldOut.get("crossEntropy").asDouble()))
        .contains(
            "guessing by frequency, last "
                + format("%.3f", heldOut.get("unigramEntropy").asDouble()))
        .contains("training, last " + format("%.1f %%", 100 * accuracy))
        .contains("Tie loss", "Learning rate", "Gradient norm, before clipping");
    assertThat(EmbeddedCharts.of(page).charts())
        .hasSize(6)
        .allSatisfy(chart -> assertThat(chart.dotted()).hasSize(2)); // two stages
  }

  @Test
  void settingsStandAgainstTheirDefaults() {
    assertThat(read(page))
        .contains("loss.tiedWeight 1 0 ") // value, default
        .contains("All 5");
    String different =
        page.substring(
            page.indexOf("id=\"settings\""),
            page.indexOf("<details>", page.indexOf("id=\"settings\"")));
    assertThat(different)
        .contains("model.hiddenSize")
        .doesNotContain("clip.maxNorm", "featureLevel");
  }

  @Test
  void dataAndMachineAndCheckpointsAreNamed() {
    assertThat(read(page))
        .contains("Training sequences 200", "Held-out sequences 22", "Vocabulary 58 tokens")
        .contains("Started 20", "TensorFlow 2.", "Steps run on the processor")
        .contains("step-5 1 of 3 40", "step-15 3 of 3 120", "ends its stage");
  }

  @Test
  void theNewestCheckpointIsAsked() {
    assertThat(read(page))
        .contains("By checkpoint step-15. There is no held-out text with words to hide");
    assertThat(page.split("class=\"guess", -1).length - 1)
        .isPositive()
        .isEqualTo(5 * (page.split("class=\"gap\"", -1).length - 1));
  }

  @Test
  void aRunThatTrainsIsReadAsItIs() throws IOException {
    Path run = copy("training");
    Files.writeString(run.resolve("metrics.jsonl"), "{\"kind\":\"ste", APPEND);
    try (RunLock lock = new RunDirectory(run).lock()) {
      assertThat(lock).isNotNull();
      assertThat(read(pageOf(run)))
          .contains("running Being written at this moment, at step 15 of 15.")
          .doesNotContain("could not be read");
    }
    assertThat(read(pageOf(run)))
        .contains("1 line of metrics.jsonl could not be read, the first is line 26;");
  }

  @Test
  void aKilledRunIsSaidToHaveStopped() throws IOException {
    Path run = copy("killed");
    for (String later : List.of("step-11", "step-12", "step-15")) {
      MoreFiles.deleteRecursively(
          run.resolve("checkpoints").resolve(later), RecursiveDeleteOption.ALLOW_INSECURE);
    }
    List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
    Files.write(run.resolve("metrics.jsonl"), lines.subList(0, 12)); // within stage 2
    assertThat(read(pageOf(run)))
        .contains("stopped Stopped at step 7 of 15; the newest checkpoint is that of step 5.")
        .contains("2 of 6") // steps of stage 2
        .contains("3 · retrain 2 everything not begun, 4 planned");
  }

  @Test
  void damagedAndMissingFilesAreNamed() throws IOException {
    Path run = copy("damaged");
    Path metrics = run.resolve("metrics.jsonl");
    Files.writeString(
        metrics, Files.readString(metrics).replaceAll("(?m)^(.*\"step\":7,).*$", "$1 \u0000<i>"));
    Files.writeString(run.resolve("config.yaml"), "a: [1, 2\nb: }");
    Files.writeString(run.resolve("checkpoints/step-12/state.json"), "{}");
    Files.writeString(run.resolve("environment.jsonl"), "<script>\n");
    String damaged = pageOf(run);
    assertThat(damaged).doesNotContain("<script", "<i>");
    assertThat(read(damaged))
        .contains("Not everything could be read")
        .contains("1 line of metrics.jsonl could not be read")
        .contains("config.yaml is not YAML: ")
        .contains("Checkpoint step-12: ")
        .contains("environment.jsonl, line 1, is not a start of a run.")
        .contains("The run did not write down where it ran.")
        .containsPattern("step-12 [0-9.]+ kB damaged")
        .doesNotContain("NaN");
  }

  @Test
  void whereItDivergedIsSaid() throws IOException {
    Path run = copy("diverged");
    Recovery recovery = new Recovery(14, "step 14 of stage 3 gave a loss of NaN", 12, 88, 112);
    Recoveries.read(new RunDirectory(run)).plus(recovery, new RunDirectory(run));
    Files.writeString(
        run.resolve("metrics.jsonl"),
        "{\"kind\":\"recovery\",\"step\":12,\"divergedStep\":14,\"skippedRecords\":[7]}\n",
        APPEND);
    assertThat(read(pageOf(run)))
        .contains("Recoveries The run diverged here,")
        .contains("Reason 14 12 24 step 14 of stage 3 gave a loss of NaN")
        .doesNotContain("Not everything could be read");
    assertThat(page).doesNotContain("id=\"recoveries\"");
  }

  @Test
  void anEmptyRunHasAPageToo() throws IOException {
    Path run = folder.resolve("empty");
    RunDirectory.createOrContinue(run).lock().close();
    assertThat(read(new RunReport(run, DEFAULTS, true).html()))
        .contains("There is no config.yaml: the run's settings are not known.")
        .contains("There is no metrics.jsonl: the run has no curves yet.")
        .contains("There is no checkpoint yet.")
        .contains("stopped Stopped at step 0 of an unknown number; there is no checkpoint.");
  }

  @Test
  void shardsMayBeGone() throws IOException {
    Path run = copy("without-shards");
    Path config = run.resolve("config.yaml");
    Path gone = folder.resolve("gone & away");
    Files.writeString(
        config, Files.readString(config).replaceFirst("shards: .*", "shards: " + gone));
    String html = new RunReport(run, DEFAULTS, true).html();
    assertThat(read(html))
        .contains("The shards are not in " + gone.toString().replace("&", "&amp;"))
        .contains("There is no held-out text with words to hide");
  }

  @Test
  void aDamagedModelIsAskedNothing() throws IOException {
    Path run = copy("damaged-model");
    for (String step : List.of("step-5", "step-11", "step-12", "step-15")) {
      Files.writeString(
          run.resolve("checkpoints/%s/bert_config.json".formatted(step)), "{}", APPEND);
    }
    assertThat(read(new RunReport(run, DEFAULTS, true).html()))
        .contains("The newest checkpoint could not be asked: no checkpoint in ");
  }

  @Test
  void whatIsNoRunIsRefused() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    assertThatThrownBy(() -> new RunReport(other, DEFAULTS, false))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s is no run: it must be the --output of pretrain, finetune or glue, and hold metrics.jsonl",
            other);
  }

  @Test
  void whatCannotBeWrittenIsNotThere() throws IOException {
    Path file = Files.createDirectory(folder.resolve("taken"));
    Files.writeString(file.resolve("something"), "");
    RunReport report = new RunReport(finished, DEFAULTS, false);
    assertThatThrownBy(() -> report.write(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("report %s cannot be written: ".formatted(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.endsWith(".partial"));
    }
  }
}
