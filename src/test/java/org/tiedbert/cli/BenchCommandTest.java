package org.tiedbert.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.export.SavedModelExport;
import org.tiedbert.export.TinyModel;
import org.tiedbert.train.PreTrainingConfig;
import org.tiedbert.train.TrainingBench;

class BenchCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void measuresASavedModelAlone() throws IOException {
    // given: three texts of two, three and two tokens, and [CLS] and [SEP]
    Path model = folder.resolve("tiny");
    Path run = folder.resolve("run");
    TinyModel.writeRun(run, 20);
    new SavedModelExport(ModelDirectory.open(run, damaged -> {})).write(model);
    Path texts = Files.writeString(folder.resolve("texts.txt"), "the sea\n\nis it cold\ndeep .\n");
    Path json = folder.resolve("figures/speed.json");
    // when
    int status =
        bench(
            "--serving",
            model.toString(),
            "--input",
            texts.toString(),
            "--threads",
            "1",
            "--seconds",
            "0.05",
            "--json",
            json.toString());
    // then
    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("%s: 3 texts of 4.3 tokens on average, threads: 1\n".formatted(model))
        .doesNotContain("ONNX");
    JsonNode speed = new ObjectMapper().readTree(json.toFile());
    assertThat(speed.get("ratios")).isEmpty();
    assertThat(speed.get("measurements")).hasSize(3);
    for (int i = 0; i < 3; i++) {
      JsonNode measurement = speed.get("measurements").get(i);
      assertThat(measurement.get("batchSize").asInt()).isEqualTo(new int[] {1, 8, 32}[i]);
      assertThat(measurement.get("sentencesPerSecond").asDouble()).isPositive();
      assertThat(measurement.get("tokenizingShare").asDouble()).isBetween(0.01, 1.5);
    }
  }

  @Test
  void measuresTraining() throws IOException {
    // given: a layer 8·(8·16² + 4·16·64) + 4·8²·16 = 53,248, the head 2·(2·16·40 + 2·16²) = 3584
    Path json = folder.resolve("speed.json");
    // when
    int status = train("--steps", "3", "--threads", "1", "--json", json.toString());
    // then: 3·(2·53,248 + 3584) for each of 4 sequences in two views
    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith(
            "2 layers of 16, 2 heads, 40 tokens; batches of 4 × 8, two views, bfloat16, XLA off,"
                + " threads: 1\n")
        .contains("everything")
        .doesNotContain("The whole schedule");
    JsonNode speed = new ObjectMapper().readTree(json.toFile());
    assertThat(speed.get("numViews").asInt()).isEqualTo(2);
    assertThat(speed.get("peakFlopsPerSecond").asDouble()).isPositive();
    assertThat(speed.get("peakMemoryBytes").isNull() || speed.get("peakMemoryBytes").isNumber())
        .isTrue();
    assertThat(speed.get("speedUp").asDouble()).isEqualTo(1);
    JsonNode stage = speed.get("stages").get(0);
    assertThat(stage.get("flopsPerStep").asLong()).isEqualTo(8 * 3 * (2 * 53_248 + 3584));
    assertThat(stage.get("seconds").get("numSteps").asInt()).isEqualTo(3);
  }

  @Test
  void saysWhatStagesSave() {
    // given: layer and head as above; 10·3·(2 layers + head) over 4·3·(layer + head) +
    // 4·(4 layers + 2 heads) + 2·3·(2 layers + head) = 1.4855
    assertThat(
            train(
                "--steps",
                "1",
                "--set",
                "learningRate.warmupSteps=1",
                "stages={kind: mslt, steps: [4, 4], retrainSteps: 2, moments: copy}"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("layer 1")
        .contains("The whole schedule, compared with training everything throughout: 1.49 times")
        .contains(" times less time.");
  }

  @Test
  void measuresWhatWorkersGainAndSend() throws IOException {
    // given: 20,000 tokens, so embeddings 320,192, a layer 3280, the head 20,304; a mean of
    // (4·343,776 + 4·23,584 + 2·347,056) / 10 values sent, of 347,056
    Path json = folder.resolve("workers.json");
    long temporaryFiles = numTemporaryFiles();
    // when
    int status =
        train(
            "--workers",
            "2",
            "--steps",
            "1",
            "--json",
            json.toString(),
            "--set",
            "model.vocabSize=20000",
            "learningRate.warmupSteps=1",
            "stages={kind: mslt, steps: [4, 4], retrainSteps: 2, moments: copy}");
    // then: each of two workers sends the gradients once, in float32
    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("2 workers and one of them alone, threads of each: ")
        .contains("1.60 times fewer bytes sent than by training everything throughout.");
    JsonNode speed = new ObjectMapper().readTree(json.toFile());
    assertThat(numTemporaryFiles()).isLessThanOrEqualTo(temporaryFiles + 1); // at this exit
    assertThat(speed.get("sentShare").asDouble()).isCloseTo(2_163_552 / 3_470_560.0, within(1e-12));
    assertThat(speed.get("stages").findValuesAsText("sentBytes"))
        .containsExactly("1375104", "94336", "1388224");
    for (JsonNode stage : speed.get("stages")) {
      long sent = stage.get("sentBytes").asLong();
      JsonNode measured = stage.get("measuredBytes");
      if (!measured.isNull()) { // with what goes beside the gradients, whatever their size
        assertThat(measured.asLong()).isBetween(sent, sent * 5 / 4 + 60_000);
      }
      assertThat(stage.get("allReduce").get("numSteps").asInt()).isEqualTo(1);
      double alone = stage.get("alone").get("median").asDouble();
      double together = stage.get("together").get("median").asDouble();
      assertThat(stage.get("efficiency").get("median").asDouble())
          .isCloseTo(alone / together, within(1e-12));
    }
  }

  @Test
  void givesEachWorkerAsMuchAsOneAlone() {
    PreTrainingConfig config =
        RunConfigReader.preset(
            "bert-tiny",
            List.of(
                "data.shards=none",
                "data.batchSize=4",
                "data.microBatchSize=4",
                "engine.numThreads=3"));
    BenchWorkers bench = new BenchWorkers(new TrainingBench(config, 128, 7), 2);
    assertThat(bench.process(0, 1, Optional.empty()).arguments())
        .contains("--set=data.batchSize=4", "--threads=3", "--stage=1");
    assertThat(bench.process(0, 2, Optional.empty()).arguments())
        .contains("--set=data.batchSize=8", "--threads=3", "--stage=1");
  }

  /** That one says the reason itself, on the standard error of this process. */
  @Test
  void tellsOfAWorkerThatEnds() {
    assertThat(train("--workers", "2", "--steps", "1", "--set", "engine.device=gpu")).isEqualTo(1);
    assertThat(err.toString()).contains("one worker alone ended with status 1 while it was");
  }

  @Test
  void tracesTheStageThatIsNamed() {
    String trace = folder.resolve("step.json").toString();
    assertThat(train("--trace", trace, "--stage", "1")).as(err.toString()).isZero();
    assertThat(train("--trace", trace, "--stage", "2")).isEqualTo(2);
    assertThat(err.toString()).contains("--stage must be from 1 to 1, got 2");
  }

  @Test
  void writesATraceOfAStep() throws IOException {
    Path trace = folder.resolve("trace/step.json");
    assertThat(train("--trace", trace.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith("operation").contains("MatMul");
    JsonNode events = new ObjectMapper().readTree(trace.toFile()).get("traceEvents");
    assertThat(events.get(0).get("ts").asDouble()).isZero();
    assertThat(events)
        .allMatch(event -> event.get("ph").asText().equals("X"))
        .allMatch(event -> event.get("dur").asDouble() >= 0)
        .anyMatch(event -> event.get("args").get("name").asText().startsWith("noise/"));
  }

  @Test
  void takesTurnsWhenItIsToldTo() {
    assertThat(withInput("2\n1\n", "--turns")).as(err.toString()).isZero();
    assertThat(out.toString())
        .matches("ready\n[0-9]+\\.[0-9]{6} [0-9]+\\.[0-9]{6}\n[0-9]+\\.[0-9]{6}\n");
  }

  @Test
  void refusesTurnsOfNoSteps() {
    assertThat(withInput("0\n", "--turns")).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "standard input, line 1: expected a number of steps from 1 to 999999 or 'sums', got"
                + " '0'");
  }

  @Test
  void refusesACommandLineThatMakesNoSense() {
    assertUsageError(
        "what to measure? Training: --shape, --preset or --config. Serving: --serving");
    assertUsageError(
        "--serving measures by itself; leave out the options of training",
        "--serving",
        "m",
        "--batch",
        "8");
    assertUsageError(
        "--tokenizer belongs to --onnx, which is missing", "--serving", "m", "--tokenizer", "t");
    assertUsageError("--threads must be at least 1, got 0", "--serving", "m", "--threads", "0");
    for (String seconds : new String[] {"0", "-1", "NaN", "1e9"}) {
      assertUsageError(
          "--seconds must be above 0 and at most a day, got " + Double.valueOf(seconds),
          "--serving",
          "m",
          "--seconds",
          seconds);
    }
  }

  @Test
  void refusesTrainingThatMakesNoSense() {
    assertUsageError("--shape L,H,A,S, --preset NAME or --config FILE is needed", "--batch", "8");
    for (String shape : new String[] {"4,256,4", "4,256,4,128,1", "a,b,c,d", "1,2,3,-4"}) {
      assertUsageError(
          "--shape must be four numbers L,H,A,S such as 4,256,4,128, got " + shape,
          "--shape",
          shape);
    }
    assertUsageError(
        "--shape has the sequence length; leave out --seq-length",
        "--shape",
        "1,2,1,8",
        "--seq-length",
        "8");
    assertUsageError("--views must be 1 or 2, got 3", "--preset", "bert-tiny", "--views", "3");
    assertUsageError("--steps must be at least 1, got 0", "--preset", "bert-tiny", "--steps", "0");
    assertUsageError(
        "sequences must have at least 3 tokens, [CLS] a word [SEP], got 2", "--shape", "1,2,1,2");
    String exclude = "--trace, --turns and --workers exclude one another";
    assertUsageError(exclude, "--preset", "p", "--trace", "t", "--turns");
    assertUsageError(exclude, "--preset", "p", "--workers", "2", "--turns");
    assertUsageError("--workers must be at least 2, got 1", "--preset", "p", "--workers", "1");
    assertUsageError("--stage goes with --trace or --turns", "--preset", "p", "--stage", "1");
    assertUsageError(
        "--turns has no figures for --json", "--preset", "p", "--turns", "--json", "j");
    assertThat(bench("--shape", "2,16,3,8")).isEqualTo(2);
    assertThat(err.toString()).contains("must be a multiple of numAttentionHeads");
    assertThat(bench("--shape", "2,16,2,8")).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "noise.maxPredictionsPerSeq must be at most the shards' sequence length 8, got 20");
  }

  @Test
  void refusesWhatIsNoSavedModelAndAFileWithoutText() throws IOException {
    assertThat(bench("--serving", folder.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("%s is not a SavedModel made by tiedbert export: ".formatted(folder));
    Path blank = Files.writeString(folder.resolve("blank.txt"), "\n\n");
    assertThat(bench("--serving", "m", "--input", blank.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("there must be text in [%s], it has none".formatted(blank));
  }

  @Test
  void refusesBeforehandToWriteItsFiguresOverAFolder() {
    assertThat(bench("--serving", "m", "--json", folder.toString())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: %s must be a file or nothing yet, it is a folder or a device\n"
                .formatted(folder));
  }

  @Test
  void refusesADamagedSavedModelBeforeTensorFlowReadsIt() throws IOException {
    // given
    Path run = folder.resolve("run");
    TinyModel.writeRun(run, 20);
    Path model = folder.resolve("tiny");
    new SavedModelExport(ModelDirectory.open(run, damaged -> {})).write(model);
    Path index = model.resolve("variables/variables.index");
    byte[] bytes = Files.readAllBytes(index);
    bytes[bytes.length / 2] ^= 1;
    Files.write(index, bytes);
    // then
    assertThat(bench("--serving", model.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("checkpoint index %s is damaged: ".formatted(index));
  }

  private static long numTemporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(it -> it.getFileName().toString().startsWith("tiedbert-bench")).count();
    }
  }

  private void assertUsageError(String message, String... options) {
    assertThat(bench(options)).isEqualTo(2);
    assertThat(err.toString()).contains("tiedbert: " + message + "\n");
  }

  /** Two layers of 16 on 4 sequences of 8 tokens in two views, with two predictions in each. */
  private int train(String... options) {
    String[] shape = {
      "--shape",
      "2,16,2,8",
      "--batch",
      "4",
      "--vocab-size",
      "40",
      "--views",
      "2",
      "--precision",
      "bfloat16",
      "--set",
      "noise.maxPredictionsPerSeq=2"
    };
    return bench(
        Stream.concat(Arrays.stream(shape), Arrays.stream(options)).toArray(String[]::new));
  }

  private int withInput(String input, String... options) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(UTF_8)));
    try {
      return train(options);
    } finally {
      System.setIn(before);
    }
  }

  private int bench(String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "bench";
    System.arraycopy(options, 0, args, 1, options.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
