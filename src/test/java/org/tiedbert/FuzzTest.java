package org.tiedbert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tiedbert.checkpoint.Checkpoint;
import org.tiedbert.checkpoint.Recoveries;
import org.tiedbert.checkpoint.Recovery;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunStart;
import org.tiedbert.cli.FineTuningConfigReader;
import org.tiedbert.cli.GlueConfigReader;
import org.tiedbert.cli.RunConfigReader;
import org.tiedbert.corpus.DocumentReader;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.corpus.Split;
import org.tiedbert.eval.Adversarial;
import org.tiedbert.eval.DevPrediction;
import org.tiedbert.eval.GlueTasks;
import org.tiedbert.eval.OwnTask;
import org.tiedbert.eval.Task;
import org.tiedbert.report.DefaultSettings;
import org.tiedbert.report.RunReport;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;
import org.tiedbert.train.MetricsLog;
import org.tiedbert.train.PreTraining;
import org.tiedbert.train.PreTrainingConfig;
import org.tiedbert.train.PreTrainingSetup;
import org.tiedbert.train.Progress;

/**
 * Whatever happens to a file, who reads it gets what it says or an {@link InputException}: no other
 * exception, no error, no endless loop; and where a file has a checksum, nothing but that
 * exception. Safetensors, other people's configurations and tokenizers, and TensorFlow's indexes
 * have tests of this kind of their own.
 */
class FuzzTest {
  private static final Duration PER_INPUT = Duration.ofSeconds(20);

  @TempDir static Path folder;

  private static Path shards;
  private static Path run;

  @BeforeAll
  static void train() {
    shards = PreTrainingSetup.shards(folder.resolve("shards"));
    PreTrainingConfig config =
        RunConfigReader.read(
            PreTrainingSetup.configFile(shards),
            List.of("stages={kind: plain, steps: 2}", "learningRate.warmupSteps=0"));
    run = folder.resolve("run");
    new PreTraining(config, RunConfigReader.write(config), run, Progress.silent()).run();
  }

  /** What becomes of an input, if it is not refused. */
  private interface Reading {
    void read() throws Exception;
  }

  /**
   * Mutates a file and reads each mutation; then the file is as it was.
   *
   * @param mustRefuse whether a checksum stands over the file
   */
  private static void mutate(Path file, int count, boolean mustRefuse, Reading reading)
      throws IOException {
    byte[] whole = Files.readAllBytes(file);
    assertTimeoutPreemptively(PER_INPUT, reading::read, file + " as it was");
    int[] numRefused = new int[1];
    int[] numInputs = new int[1];
    Iterable<byte[]> inputs = Mutations.of(whole, file.getFileName().hashCode(), count)::iterator;
    for (byte[] mutated : inputs) {
      numInputs[0]++;
      Files.write(file, mutated);
      assertTimeoutPreemptively(
          PER_INPUT,
          () -> {
            try {
              reading.read();
            } catch (InputException e) {
              numRefused[0]++;
              assertThat(e.getMessage()).hasSizeLessThan(4000);
              return;
            } catch (Exception | Error e) {
              throw new AssertionError("%s failed over:%n%s".formatted(file, text(mutated)), e);
            }
            assertThat(mustRefuse).as("%s was read:%n%s", file, text(mutated)).isFalse();
          });
    }
    Files.write(file, whole);
    if (System.getProperty("tiedbert.fuzz") != null) {
      System.out.printf(
          "fuzz: %s, %,d inputs, %,d refused%n",
          folder.relativize(file), numInputs[0], numRefused[0]);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, 0, Math.min(bytes.length, 3000), UTF_8);
  }

  @Test
  void shards() throws IOException {
    Reading reading =
        () -> {
          Vocabulary vocabulary = Vocabulary.read(shards.resolve(Vocabulary.FILE_NAME));
          try (ShardReader reader = ShardReader.open(shards, Split.TRAIN, vocabulary)) {
            int[] ids = new int[reader.maxSeqLength()];
            for (long i = 0; i < reader.numSequences(); i++) {
              reader.read(i, ids, new int[ids.length], 0);
            }
          }
        };
    mutate(shards.resolve("train-00000-of-00001.tfrecord"), 200, true, reading);
    mutate(shards.resolve("manifest.json"), 300, true, reading);
    // a last line without its end, or one that ends as Windows has it, is the same line
    Path file = shards.resolve(Vocabulary.FILE_NAME);
    Vocabulary whole = Vocabulary.read(file);
    mutate(
        file,
        200,
        false,
        () -> {
          reading.read();
          assertThat(Vocabulary.read(file).tokens()).isEqualTo(whole.tokens());
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.ckpt.index",
        "model.ckpt.data-00000-of-00001",
        "state.json",
        "bert_config.json",
        "vocab.txt",
        "config.yaml"
      })
  void checkpoints(String name) throws IOException {
    Path checkpoint = new RunDirectory(run).checkpoints().resolve("step-2");
    mutate(checkpoint.resolve(name), 100, true, () -> Checkpoint.open(checkpoint));
  }

  @Test
  void manifestsOfCheckpoints() throws IOException {
    Path checkpoint = new RunDirectory(run).checkpoints().resolve("step-2");
    mutate(checkpoint.resolve("manifest.json"), 400, true, () -> Checkpoint.open(checkpoint));
  }

  @Test
  void configurations() throws IOException {
    Path file = folder.resolve("pretraining.yaml");
    Files.copy(new RunDirectory(run).config(), file);
    mutate(file, 500, false, () -> RunConfigReader.read(file, List.of()));
    Path tuning = folder.resolve("tuning.yaml");
    Files.writeString(
        tuning,
        FineTuningConfigReader.write(
            FineTuningConfigReader.defaults(
                List.of("task={kind: glue, name: RTE, data: glue}", "init=model"))));
    mutate(tuning, 300, false, () -> FineTuningConfigReader.read(tuning, List.of()));
    Path glue = folder.resolve("glue.yaml");
    Files.writeString(
        glue,
        GlueConfigReader.write(
            GlueConfigReader.protocol("mslt", List.of("init=model", "data=glue"))));
    mutate(glue, 300, false, () -> GlueConfigReader.read(glue, List.of()));
  }

  @Test
  void logsOfRuns() throws IOException {
    RunDirectory directory = new RunDirectory(run);
    Recoveries.read(directory).plus(new Recovery(2, "NaN", 1, 8, 16), directory);
    mutate(directory.recoveries(), 300, false, () -> Recoveries.read(directory));
    Files.delete(directory.recoveries());
    mutate(
        directory.metrics(),
        300,
        false,
        () -> {
          Path copy = Files.copy(directory.metrics(), folder.resolve("metrics.jsonl"));
          try {
            MetricsLog.open(copy, 1).close();
          } finally {
            Files.delete(copy);
          }
        });
    mutate(directory.environment(), 300, false, () -> RunStart.read(directory, line -> {}));
  }

  @ParameterizedTest
  @ValueSource(strings = {"metrics.jsonl", "environment.jsonl", "config.yaml"})
  void reports(String name) throws IOException {
    mutate(
        run.resolve(name),
        100,
        false,
        () -> new RunReport(run, DefaultSettings.NONE, false).write(folder.resolve("page.html")));
  }

  @Test
  void texts() throws IOException {
    String text = "A sea is cold.\nIt is deep.\n\n\u00e9t\u00e9 \ud83d\ude00\n".repeat(20);
    document("a.txt", text.getBytes(UTF_8));
    document(
        "a.jsonl",
        "{\"text\": \"A sea.\\nIt is \\u00e9.\", \"n\": 1}\n".repeat(20).getBytes(UTF_8));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    compressed(new GZIPOutputStream(bytes), text, bytes, "a.txt.gz");
    compressed(new BZip2CompressorOutputStream(bytes), text, bytes, "a.txt.bz2");
    compressed(new XZCompressorOutputStream(bytes), text, bytes, "a.txt.xz");
    compressed(new ZstdOutputStream(bytes), text, bytes, "a.txt.zst");
  }

  private static void compressed(
      OutputStream out, String text, ByteArrayOutputStream bytes, String name) throws IOException {
    try (out) {
      out.write(text.getBytes(UTF_8));
    }
    document(name, bytes.toByteArray());
    bytes.reset();
  }

  private static void document(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    mutate(
        file,
        400,
        false,
        () -> {
          try (DocumentReader documents = new DocumentReader(List.of(file.toString()))) {
            while (documents.hasNext()) {
              documents.next();
            }
          }
        });
  }

  @Test
  void officialTasks() throws IOException {
    for (Task task : GlueTasks.all()) {
      Path data = Files.createDirectories(folder.resolve("glue").resolve(task.name()));
      String header = OFFICIAL_HEADERS.get(task.name());
      Path file = data.resolve(task.name().equals("SWAG") ? "train.csv" : "train.tsv");
      StringBuilder rows = new StringBuilder(header.isEmpty() ? "" : header + "\n");
      for (int i = 0; i < 6; i++) {
        rows.append(row(task.name(), header, i)).append('\n');
      }
      Files.writeString(file, rows);
      mutate(file, 200, false, () -> task.train().read(data));
    }
  }

  private static final Map<String, String> OFFICIAL_HEADERS =
      Map.of(
          "CoLA", "",
          "SST-2", "sentence\tlabel",
          "MRPC", "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String",
          "QQP", "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate",
          "STS-B",
              "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore",
          "MNLI",
              "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse"
                  + "\tsentence1_parse\tsentence2_parse\tsentence1\tsentence2\tlabel1\tgold_label",
          "QNLI", "index\tquestion\tsentence\tlabel",
          "RTE", "index\tsentence1\tsentence2\tlabel",
          "WNLI", "index\tsentence1\tsentence2\tlabel",
          "SWAG",
              ",video-id,fold-ind,startphrase,sent1,sent2,gold-source,ending0,ending1,ending2,ending3"
                  + ",label");

  private static String row(String task, String header, int i) {
    if (task.equals("CoLA")) {
      return "gj04\t%d\t\tThe sea is cold.".formatted(i % 2);
    }
    if (task.equals("SWAG")) {
      return "%d,v,%d,The sea is,The sea is,it,gold,\"cold, now.\",deep.,wide.,near.,%d"
          .formatted(i, i, i % 4);
    }
    StringBuilder row = new StringBuilder();
    for (String column : header.split("\t")) {
      String entailment = i % 2 == 0 ? "entailment" : "not_entailment";
      String value =
          switch (column) {
            case "label" -> List.of("RTE", "QNLI").contains(task) ? entailment : "" + i % 2;
            case "gold_label" -> i % 2 == 0 ? "neutral" : "contradiction";
            case "Quality", "is_duplicate" -> "" + i % 2;
            case "score" -> "%d.250".formatted(i % 5);
            default -> "The sea \"is\" cold %d".formatted(i);
          };
      row.append(row.isEmpty() ? "" : "\t").append(value);
    }
    return row.toString();
  }

  @Test
  void ownTasks() throws IOException {
    OwnTask.Columns columns = new OwnTask.Columns("text", Optional.empty(), "label");
    for (String name : List.of("own.csv", "own.tsv", "own.jsonl")) {
      String separator = name.endsWith("csv") ? "," : "\t";
      StringBuilder rows = new StringBuilder("text" + separator + "label\n");
      if (name.endsWith("jsonl")) {
        rows.setLength(0);
      }
      for (int i = 0; i < 10; i++) {
        rows.append(
            name.endsWith("jsonl")
                ? "{\"text\": \"a sea %d\", \"label\": %d}\n".formatted(i, i % 3)
                : "a sea %d%s%d\n".formatted(i, separator, i % 3));
      }
      Path file = Files.writeString(folder.resolve(name), rows);
      mutate(
          file,
          200,
          false,
          () -> OwnTask.classification(columns, file, file, Optional.empty()).train().read(folder));
      mutate(
          file,
          200,
          false,
          () -> OwnTask.regression(columns, file, file, Optional.empty()).train().read(folder));
    }
  }

  @Test
  void adversarialSetsAndPredictions() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("advglue.json"),
            """
            {"sst2": [{"sentence": "a sea", "idx": 0, "label": 1}],
             "mnli": [{"premise": "a sea", "hypothesis": "it", "idx": 3, "label": 2}]}
            """);
    mutate(file, 400, false, () -> Adversarial.read(file));
    Path predictions = folder.resolve("predictions.jsonl");
    Files.writeString(
        predictions,
        """
        {"dataSet":"dev","index":0,"texts":[["a sea"]],"target":"1","prediction":"0"}
        """
            .repeat(5));
    mutate(predictions, 300, false, () -> DevPrediction.read(predictions, line -> {}));
  }
}
