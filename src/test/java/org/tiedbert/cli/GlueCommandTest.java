package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.eval.GlueConfig;
import org.tiedbert.eval.TinyGlue;

class GlueCommandTest {
  @TempDir private Path folder;

  private TinyGlue tiny;
  private Path run;
  private StringWriter out;
  private StringWriter err;

  @BeforeEach
  void makeTasks() {
    tiny = new TinyGlue(folder);
    run = folder.resolve("run");
  }

  private int tiedbert(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  /** On the tiny data, with a grid of one point. */
  private int glue(String... args) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "glue",
                "--data",
                tiny.data.toString(),
                "--init",
                tiny.model.toString(),
                "--learning-rates",
                "1e-2",
                "--batch-sizes",
                "8",
                "--set",
                "maxSeqLength=16",
                "engine.numThreads=1",
                "--output",
                run.toString()));
    all.addAll(List.of(args));
    return tiedbert(all.toArray(String[]::new));
  }

  @Test
  void makesATableThatGrowsAndIsPutToTheTest() throws IOException {
    // when
    assertThat(glue("--tasks", "cola,RTE", "--seeds", "1", "--epochs", "1")).as("" + err).isZero();
    // then
    assertThat(out.toString())
        .contains("this run, median of 1 seed ", "Semantic-Augment: Tied-BERT", "MNLI-m/mm")
        .contains("over 2 of GLUE's 8 tasks (CoLA, RTE)")
        .endsWith("Written: %s%n".formatted(run.resolve("results.json")));
    assertThat(err.toString())
        .contains("cell 1 of 2, CoLA, learning rate 1e-2, batch 8, weight decay 0.01, seed 1: ")
        .contains("starts from " + tiny.model.resolve("checkpoints"));
    GlueConfig config = GlueConfigReader.read(run.resolve("config.yaml"), List.of());
    assertThat(config.tasks()).containsExactly("CoLA", "RTE");
    assertThat(GlueConfigReader.write(config))
        .isEqualTo(Files.readString(run.resolve("config.yaml")));
    // when: it is done
    String cell = Files.readString(cell(1));
    assertThat(tiedbert("glue", "--output", run.toString())).isZero();
    assertThat(err.toString()).isEmpty();
    // when: one more seed
    assertThat(tiedbert("glue", "--output", run.toString(), "--seeds", "1,2")).isZero();
    // then
    assertThat(out.toString()).contains("this run, median of 2 seeds ");
    assertThat(err.toString())
        .contains("cell 3 of 4, CoLA", "cell 4 of 4, RTE")
        .doesNotContain("cell 1 of 4", "cell 2 of 4");
    assertThat(cell(1)).hasContent(cell);
    assertThat(cell(2)).exists();
    // when: what it was begun with is missing, or something else
    assertThat(tiedbert("glue", "--output", run.toString(), "--seeds", "2")).isEqualTo(2);
    assertThat(err.toString())
        .contains(run + " was begun with more tasks, seeds or grid points; name these too");
    assertThat(tiedbert("glue", "--output", run.toString(), "--epochs", "2")).isEqualTo(2);
    assertThat(err.toString())
        .contains("only tasks, seeds and grid may grow", "epochs: 1 → 2")
        .doesNotContain("seeds:");
    // when
    Path file =
        Files.writeString(
            folder.resolve("dev.json"),
            """
            {"rte": [{"idx": 0, "label": 0, "sentence1": "the deep sea", "sentence2": "it"},
                     {"idx": 1, "label": 1, "sentence1": "the ship", "sentence2": "it"}],
             "sst2": [{"idx": 0, "label": 1, "sentence": "cold and deep"}]}
            """);
    assertThat(tiedbert("glue", "--output", run.toString(), "--adversarial", file.toString()))
        .isZero();
    // then
    assertThat(out.toString())
        .containsPattern("rte +accuracy +2 +\\d+\\.0 +(0|50|100)\\.0 +-?\\d+\\.0")
        .contains("average ", "sst2 is left out: no model of SST-2.");
    assertThat(run.resolve("adversarial.md")).content().contains("| rte | accuracy | 2 | ");
    assertThat(run.resolve("adversarial.json"))
        .content()
        .contains("\"clean\"", "\"adversarial\"", "\"numExamples\" : 2");
  }

  private Path cell(int seed) {
    return run.resolve("cells/RTE/lr1e-2-batch8-decay0.01-seed%d.json".formatted(seed));
  }

  @Test
  void aDryRunTellsWhatThereIsAndWritesNothing() {
    assertThat(glue("--dry-run", "--protocol", "mslt", "--seeds", "1,2,3")).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "task examples epochs grid points seeds cells",
            "CoLA 24 3 1 3 3",
            "RTE 16 10 1 3 3",
            "",
            "In all 6 cells.",
            "SST-2 is left out: no files in %s.".formatted(tiny.data.resolve("SST-2")),
            "MRPC is left out: no files in %s.".formatted(tiny.data.resolve("MRPC")),
            "QQP is left out: no files in %s.".formatted(tiny.data.resolve("QQP")),
            "STS-B is left out: no files in %s.".formatted(tiny.data.resolve("STS-B")),
            "MNLI is left out: no files in %s.".formatted(tiny.data.resolve("MNLI")),
            "QNLI is left out: no train.tsv in %s.".formatted(tiny.data.resolve("QNLI")));
    assertThat(run).doesNotExist();
  }

  @Test
  void protocolsAreThePapers() throws IOException {
    List<String> given = List.of("init=m", "data=d");
    GlueConfig tied = GlueConfigReader.protocol("tied-bert", given);
    GlueConfig mslt = GlueConfigReader.protocol("mslt", given);
    assertThat(tied.grid())
        .isEqualTo(
            new GlueConfig.Grid(List.of(5e-5, 4e-5, 3e-5, 2e-5), List.of(16, 32), List.of(0.01)))
        .isEqualTo(mslt.grid());
    assertThat(tied.tasks())
        .containsExactly("CoLA", "SST-2", "MRPC", "QQP", "STS-B", "MNLI", "QNLI", "RTE");
    assertThat(Stream.of("RTE", "STS-B", "CoLA").map(tied::epochs)).containsExactly(3, 3, 3);
    assertThat(Stream.of("RTE", "STS-B", "CoLA").map(mslt::epochs)).containsExactly(10, 10, 3);
    assertThat(tied.cells(tied.tasks())).hasSize(8 * 8 * 3);
    // and one of one's own
    Path own = folder.resolve("own.yaml");
    Files.writeString(own, "preset: glue-mslt\nseeds: [5]\n");
    assertThat(glue("--protocol", own.toString(), "--tasks", "RTE", "--dry-run")).isZero();
    assertThat(out.toString().replaceAll(" +", " ")).contains("RTE 16 10 1 1 1");
  }

  @Test
  void refusals() {
    assertThat(tiedbert("glue", "--output", run.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("init: is missing; set it in the file or with --set init=VALUE")
        .contains("data: is missing");
    assertThat(glue("--tasks", "CoLA,Cola", "--seeds", "one", "--epochs", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("seeds[0]: expected a whole number, got 'one'");
    assertThat(glue("--tasks", "CoLA,Cola")).isEqualTo(2);
    assertThat(err.toString())
        .contains("tasks must be one or several different ones, got [CoLA, CoLA]");
    assertThat(glue("--tasks", "COLLA")).isEqualTo(2);
    assertThat(err.toString()).contains("a task is one of CoLA, SST-2, ", "got 'COLLA'");
    assertThat(glue("--set", "grid.weightDecays=[-1]", "warmupFraction=1")).isEqualTo(2);
    assertThat(err.toString()).contains("a weight decay must be at least 0, got -1.0");
    assertThat(glue("--set", "warmupFraction=1")).isEqualTo(2);
    assertThat(err.toString()).contains("warmupFraction must be at least 0 and below 1, got 1.0");
    assertThat(glue("--set", "epochsOf=[{task: RTE, epochs: 0}]")).isEqualTo(2);
    assertThat(err.toString()).contains("epochsOf[0]: epochs must be at least 1, got 0");
    assertThat(glue("--protocol", "bert")).isEqualTo(2);
    assertThat(err.toString())
        .contains("a protocol is one of tied-bert, mslt, or a file in YAML; there is no file bert");
    assertThat(tiedbert("glue", "--seeds", "1")).isEqualTo(2);
    assertThat(glue("--set", "maxSeqLength=512")).isEqualTo(2);
    assertThat(err.toString())
        .contains("maxSeqLength must be at most the 24 positions of the model in");
    assertThat(glue("--adversarial", "dev.json")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--adversarial takes --output of a finished table, and nothing else");
    assertThat(tiedbert("glue", "--output", run.toString(), "--adversarial", "dev.json"))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains(run + " is no table of GLUE: it has no config.yaml; 'tiedbert glue' makes one");
    assertThat(run).doesNotExist();
    // a run of training is not a table, and stays what it is
    assertThat(tiedbert("glue", "--output", tiny.model.toString(), "--seeds", "1")).isNotZero();
  }
}
