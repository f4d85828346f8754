package org.tiedbert.eval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.eval.Leaderboard.Predictions;
import org.tiedbert.text.InputException;

class LeaderboardTest {
  @TempDir Path folder;

  @Test
  void hasGluesFilesHeaderAndNamesOfLabels() throws IOException {
    // given
    List<Predictions> all =
        List.of(
            predictions("CoLA", "test", 1, 0),
            predictions("SST-2", "test", 0),
            predictions("MRPC", "test", 1),
            predictions("STS-B", "test", -0.25, 2.5, 5.1),
            predictions("MNLI", "test_matched", 0, 1, 2),
            predictions("MNLI", "test_mismatched", 2),
            predictions("QNLI", "test", 0, 1),
            predictions("QQP", "test", 1),
            predictions("RTE", "test", 1),
            predictions("WNLI", "test", 0));
    Path zip = folder.resolve("glue.zip");
    // when
    List<String> missing = Leaderboard.write(zip, all);
    // then
    assertThat(missing).isEmpty();
    assertThat(files(zip))
        .containsExactly(
            Map.entry("CoLA.tsv", "index\tprediction\n0\t1\n1\t0\n"),
            Map.entry("SST-2.tsv", "index\tprediction\n0\t0\n"),
            Map.entry("MRPC.tsv", "index\tprediction\n0\t1\n"),
            Map.entry("STS-B.tsv", "index\tprediction\n0\t0.000000\n1\t2.500000\n2\t5.000000\n"),
            Map.entry(
                "MNLI-m.tsv", "index\tprediction\n0\tcontradiction\n1\tentailment\n2\tneutral\n"),
            Map.entry("MNLI-mm.tsv", "index\tprediction\n0\tneutral\n"),
            Map.entry("QNLI.tsv", "index\tprediction\n0\tentailment\n1\tnot_entailment\n"),
            Map.entry("QQP.tsv", "index\tprediction\n0\t1\n"),
            Map.entry("RTE.tsv", "index\tprediction\n0\tnot_entailment\n"),
            Map.entry("WNLI.tsv", "index\tprediction\n0\t0\n"));
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(
            Leaderboard.write(
                folder.resolve("some.zip"),
                List.of(predictions("RTE", "test", 1), predictions("MNLI", "test_matched", 1))))
        .containsExactly(
            "CoLA.tsv",
            "SST-2.tsv",
            "MRPC.tsv",
            "STS-B.tsv",
            "MNLI-mm.tsv",
            "QNLI.tsv",
            "QQP.tsv",
            "WNLI.tsv");
  }

  @Test
  void equalPredictionsAreEqualBytes() throws IOException {
    List<Predictions> all = List.of(predictions("RTE", "test", 1));
    Leaderboard.write(folder.resolve("a.zip"), all);
    Leaderboard.write(folder.resolve("b.zip"), all);
    assertThat(folder.resolve("a.zip")).hasSameBinaryContentAs(folder.resolve("b.zip"));
  }

  @Test
  void whatCannotBeWrittenLeavesWhatWasThere() throws IOException {
    Path zip = Files.writeString(folder.resolve("glue.zip"), "before");
    assertThatThrownBy(
            () ->
                Leaderboard.write(
                    zip,
                    List.of(
                        predictions("RTE", "test", 1),
                        predictions("STS-B", "test", 1, Double.NaN))))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "STS-B, test, row 1: the prediction must be a number, got NaN; fine-tune the model"
                + " again");
    assertThat(zip).hasContent("before");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(zip);
    }
    Path nowhere = folder.resolve("none").resolve("glue.zip");
    assertThatThrownBy(() -> Leaderboard.write(nowhere, List.of(predictions("RTE", "test", 1))))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(nowhere + " cannot be written: ");
  }

  @Test
  void takesOnlyGluesTestSetsEachOnce() {
    Path zip = folder.resolve("glue.zip");
    assertThat(Leaderboard.fileName(GlueTasks.named("SWAG"), "test")).isEmpty();
    assertThat(Leaderboard.fileName(GlueTasks.named("MNLI"), "test_mismatched"))
        .contains("MNLI-mm.tsv");
    assertThatThrownBy(() -> Leaderboard.write(zip, List.of(predictions("RTE", "dev", 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("GLUE's leaderboard takes no set 'dev' of RTE");
    Predictions rte = predictions("RTE", "test", 1);
    assertThatThrownBy(() -> Leaderboard.write(zip, Collections.nCopies(2, rte)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("RTE.tsv can be there once, it came twice");
    assertThatThrownBy(() -> Leaderboard.write(zip, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a leaderboard's zip needs a test set, got none");
    assertThat(zip).doesNotExist();
  }

  @Test
  void everyTestSetOfGlueHasAFile() {
    List<String> names = new ArrayList<>();
    for (Task task : GlueTasks.all()) {
      task.testSets().forEach(set -> Leaderboard.fileName(task, set.name()).ifPresent(names::add));
    }
    assertThat(names).hasSize(10).doesNotHaveDuplicates();
  }

  private static Predictions predictions(String task, String dataSet, double... values) {
    return new Predictions(GlueTasks.named(task), dataSet, values);
  }

  private static Map<String, String> files(Path zip) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    try (ZipFile in = new ZipFile(zip.toFile())) {
      for (ZipEntry entry : Collections.list(in.entries())) {
        files.put(entry.getName(), new String(in.getInputStream(entry).readAllBytes(), UTF_8));
      }
    }
    return files;
  }
}
