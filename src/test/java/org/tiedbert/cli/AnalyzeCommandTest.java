package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.export.TinyModel;

class AnalyzeCommandTest {
  @TempDir static Path shared;
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void writeModelsAndText() throws IOException {
    TinyModel.writeRun(shared.resolve("one"), 3);
    TinyModel.writeRun(shared.resolve("two"), 8);
    Files.writeString(
        shared.resolve("text.txt"),
        IntStream.range(0, 30)
            .mapToObj(
                i -> "The ship %s on the sea. It is %s.\n".formatted(i, "deep ".repeat(i % 4)))
            .collect(Collectors.joining()));
    Path data = Files.createDirectories(shared.resolve("glue/STS-B"));
    String header =
        "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2";
    Files.writeString(
        data.resolve("dev.tsv"),
        header
            + "\tscore\n"
            + row(0, "The sea is cold.", "The sea is deep.", 3.2)
            + row(1, "A ship.", "A ship.", 5)
            + row(2, "It is deep.", "Sails and ships", 0.25));
  }

  private static String row(int index, String first, String second, double score) {
    return "%d\tg\tf\t2012\t1\ts\ts\t%s\t%s\t%s\n".formatted(index, first, second, score);
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  private static String at(String name) {
    return shared.resolve(name).toString();
  }

  private List<String> csv(String name) throws IOException {
    assertThat(folder.resolve("figures/" + name + ".png")).isNotEmptyFile();
    assertThat(folder.resolve("figures/" + name + ".svg")).isNotEmptyFile();
    return Files.readAllLines(folder.resolve("figures/" + name + ".csv"));
  }

  private String figures() {
    return folder.resolve("figures").toString();
  }

  @Test
  void dissimilarityOfTwoModels() throws IOException {
    assertThat(
            run(
                "analyze",
                "dissimilarity",
                "--init",
                at("one"),
                at("two"),
                "--name",
                "A",
                "B",
                "--input",
                at("text.txt"),
                "--pairs",
                "10",
                "--output",
                figures()))
        .as(err.toString())
        .isZero();
    List<String> csv = csv("dissimilarity");
    assertThat(csv).hasSize(1 + 2 * 3);
    assertThat(csv.get(1)).startsWith("A,0,0.").endsWith(",10");
    assertThat(csv.get(6)).startsWith("B,2,").endsWith(",10");
    assertThat(folder.resolve("figures/dissimilarity-pairs.csv"))
        .content()
        .startsWith("first,second\n");
    assertThat(out.toString().lines()).hasSize(4).allMatch(file -> Files.exists(Path.of(file)));
  }

  @Test
  void similarityOfLabelledPairs() throws IOException {
    assertThat(
            run(
                "analyze",
                "stsb",
                "--init",
                at("one"),
                "--data",
                at("glue"),
                "--output",
                figures()))
        .as(err.toString())
        .isZero();
    assertThat(csv("stsb-error")).hasSize(1 + 3 * 6).contains("one,0,4.5,0.0,1");
    assertThat(csv("stsb-correlation")).hasSize(1 + 3).allMatch(line -> !line.contains("NaN"));
  }

  @Test
  void attentionOfASentenceAndSimilarityOfLayers() throws IOException {
    assertThat(
            run(
                "analyze",
                "attention",
                "--init",
                at("one"),
                at("two"),
                "--text",
                "the [MASK]",
                "--layers",
                "2",
                "--input",
                at("text.txt"),
                "--sentences",
                "4",
                "--output",
                figures()))
        .as(err.toString())
        .isZero();
    assertThat(csv("attention-1"))
        .hasSize(1 + 2 * 16)
        .anyMatch(line -> line.startsWith("2,1,2,[MASK],0,[CLS],"));
    assertThat(csv("attention-2")).hasSize(1 + 2 * 16);
    assertThat(csv("attention-similarity")).hasSize(1 + 3 * 4).contains("one,1,one,1,1.0,0.0,4");
  }

  @Test
  void curvesOfRuns() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(
        run.resolve("metrics.jsonl"),
        "{\"kind\":\"step\",\"step\":1,\"crossEntropy\":2.5,\"time\":{\"seconds\":60}}\n");
    assertThat(run("analyze", "curves", "--run", run.toString(), "--output", figures()))
        .as(err.toString())
        .isZero();
    assertThat(csv("curves-step"))
        .isEqualTo(csv("curves-time"))
        .contains("run,training,1.0,60.0,2.5");
  }

  private void assertRefused(int status, String message, String... args) {
    assertThat(run(args)).isEqualTo(status);
    assertThat(err.toString()).contains(message);
    assertThat(folder.resolve("figures")).doesNotExist();
  }

  @Test
  void whatItTakesIsAskedFor() {
    assertRefused(2, "which figure? dissimilarity, stsb, attention or curves", "analyze");
    String[] attention = {"analyze", "attention", "--init", at("one"), "--output", figures()};
    assertRefused(2, "a sentence is needed, --text, or sentences of files, --input", attention);
  }

  @Test
  void wrongOptionsAreRefused() {
    assertRefused(
        2,
        "--name needs a name of its own for each of --init's 1, got 2: [a, b]",
        "analyze",
        "stsb",
        "--init",
        at("one"),
        "--name",
        "a",
        "b",
        "--data",
        "x",
        "--output",
        figures());
    assertRefused(
        2,
        "the model has layers 1 to 2, there is no layer 3",
        "analyze",
        "attention",
        "--init",
        at("one"),
        "--text",
        "sea",
        "--layers",
        "3",
        "--output",
        figures());
    assertRefused(
        2,
        "--sentences must be an even number from 4, got 5",
        "analyze",
        "attention",
        "--init",
        at("one"),
        "--input",
        "x",
        "--sentences",
        "5",
        "--output",
        figures());
    assertRefused(
        2,
        "--pairs: there must be 2 pairs or more for a mean and its error, and at most 100000000, got 1",
        "analyze",
        "dissimilarity",
        "--init",
        at("one"),
        "--input",
        at("text.txt"),
        "--pairs",
        "1",
        "--output",
        figures());
    assertRefused(
        2,
        "--highest must be a number, got NaN",
        "analyze",
        "curves",
        "--run",
        "x",
        "--highest",
        "NaN",
        "--output",
        figures());
    assertRefused(
        2,
        "--text must be a sentence, got nothing",
        "analyze",
        "attention",
        "--init",
        at("one"),
        "--text",
        " ",
        "--output",
        figures());
    assertRefused(
        2,
        "--smooth must be at least 1, got 0",
        "analyze",
        "curves",
        "--run",
        "x",
        "--smooth",
        "0",
        "--output",
        figures());
  }

  @Test
  void wrongFilesAreRefused() {
    assertRefused(
        1,
        "1,000 pairs need 2,000 sentences, the text has",
        "analyze",
        "dissimilarity",
        "--init",
        at("one"),
        "--input",
        at("text.txt"),
        "--output",
        figures());
    assertRefused(
        1,
        "STS-B needs its files, such as train.tsv",
        "analyze",
        "stsb",
        "--init",
        at("one"),
        "--data",
        at("one"),
        "--output",
        figures());
    assertRefused(
        1,
        "is no run: it must hold metrics.jsonl",
        "analyze",
        "curves",
        "--run",
        at("glue"),
        "--output",
        figures());
  }

  @Test
  void everyFigureHasHelpWithAnExample() {
    for (String figure : List.of("dissimilarity", "stsb", "attention", "curves")) {
      assertThat(run("analyze", figure, "--help")).isZero();
      assertThat(out.toString()).contains("  tiedbert analyze " + figure + " --");
    }
  }
}
