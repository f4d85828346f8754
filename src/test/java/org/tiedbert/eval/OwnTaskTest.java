package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.eval.OwnTask.Columns;
import org.tiedbert.text.InputException;

class OwnTaskTest {
  private static final Columns SINGLE = new Columns("text", Optional.empty(), "label");
  private static final Columns PAIR = new Columns("a", Optional.of("b"), "label");

  @TempDir Path folder;

  @Test
  void labelsAreThoseOfTheTrainingFileInOrder() throws IOException {
    Path train = write("train.tsv", "label\ttext\nsport\tA \"quote\nart\tB\nsport \tC\n");
    Path dev = write("dev.csv", "text,label\r\n\"one, two\nthree\",art\r\n");
    Task task = OwnTask.classification(SINGLE, train, dev, Optional.empty());
    assertThat(task.output().labels().names()).containsExactly("art", "sport");
    assertThat(task.metrics()).containsExactly(new Metric.Accuracy());
    assertThat(task.train().read(Path.of("")))
        .extracting(OwnTaskTest::inWords)
        .containsExactly("0 A \"quote 1.0", "1 B 0.0", "2 C 1.0");
    assertThat(task.devSets().get(0).read(Path.of("")))
        .extracting(OwnTaskTest::inWords)
        .containsExactly("0 one, two\nthree 0.0");
    assertThat(task.testSets()).isEmpty();
  }

  @Test
  void pairsAndNumbersOfJsonLines() throws IOException {
    Path file =
        write(
            "all.jsonl",
            "\uFEFF{\"a\": \"x\", \"b\": \"y\", \"label\": -1.5e1, \"c\": [1]}\n\n"
                + "{\"a\": \"ü\", \"b\": \"\", \"label\": \"3\"}\n");
    Path test = write("test.jsonl", "{\"a\": \"x\", \"b\": \"y\", \"label\": null}\n");
    Task task = OwnTask.regression(PAIR, file, file, Optional.of(test));
    assertThat(task.output()).isInstanceOf(TaskOutput.Score.class);
    assertThat(task.metrics()).containsExactly(new Metric.Pearson(), new Metric.Spearman());
    assertThat(task.train().read(Path.of("")))
        .extracting(OwnTaskTest::inWords)
        .containsExactly("0 x|y -15.0", "1 ü| 3.0");
    assertThat(task.testSets().get(0).read(Path.of("")).get(0).target()).isEmpty();
  }

  @Test
  void testSetsNeedNoLabelsButRightOnes() throws IOException {
    Path train = write("train.tsv", "text\tlabel\nA\t0\nB\t1\n");
    Path test = write("test.csv", "text,label\nA,\nB,1\n");
    Task.DataSet set =
        OwnTask.classification(SINGLE, train, train, Optional.of(test)).testSets().get(0);
    assertThat(set.read(Path.of("")))
        .extracting(OwnTaskTest::inWords)
        .containsExactly("0 A none", "1 B 1.0");
    write("test.csv", "text\nA\n");
    assertThat(set.read(Path.of(""))).extracting(OwnTaskTest::inWords).containsExactly("0 A none");
    write("test.csv", "text,label\nA,2\n");
    assertRefused(set, test + ", line 2: the label must be one of [0, 1], got '2'");
  }

  @Test
  void whatIsWrongIsSaidWithFileAndLine() throws IOException {
    Path train = write("train.tsv", "\uFEFFtext\tlabel\nA\t0\nB\t1\n");
    Path csv = folder.resolve("dev.csv");
    Task.DataSet dev =
        OwnTask.classification(SINGLE, train, csv, Optional.empty()).devSets().get(0);
    assertRefused(dev, "there is no file " + csv);
    write("dev.csv", "text,label\n\"A\nA\",0\n\"B\nB\",two\nC,1\n");
    assertRefused(dev, csv + ", line 4: the label must be one of [0, 1], got 'two'");
    write("dev.csv", "text,label\n\"A\nA\",0,1\n");
    assertRefused(
        dev,
        csv
            + ", line 2: a row needs a cell for each of the 2 columns [text, label], this one has"
            + " 3");
    write("dev.csv", "text;label\nA;0\n");
    assertRefused(dev, csv + ", line 2: a column 'text' is needed, there is [text;label]");
    write("dev.csv", "text,label,text\nA,0,B\n");
    assertRefused(dev, csv + ", line 1: a column's name must be there once, 'text' is there twice");
    Files.write(csv, "text,label\né,0\n".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(dev, csv + " is not UTF-8");
    write("dev.csv", "text,label\n\"A\"B,0\n");
    assertThatThrownBy(() -> dev.read(Path.of("")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            csv
                + ": a cell with quotation marks must begin and end with one, and double those"
                + " within: ")
        .hasMessageContaining("line");
    write("dev.csv", "text,label\n\"A,0\n");
    assertThatThrownBy(() -> dev.read(Path.of("")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            csv
                + ": a cell with quotation marks must begin and end with one, and double those"
                + " within: ")
        .hasMessageContaining("line");
  }

  @Test
  void jsonThatIsNoRowIsRefused() throws IOException {
    Path good = write("good.jsonl", "{\"text\": \"x\", \"label\": 1}\n");
    Path bad = folder.resolve("bad.jsonl");
    Task.DataSet dev = OwnTask.regression(SINGLE, good, bad, Optional.empty()).devSets().get(0);
    for (String line :
        List.of(
            "[1]", "{\"text\": ", "{} {}", "{\"text\": \"x\", \"text\": \"y\", \"label\": 1}")) {
      write("bad.jsonl", "{\"text\": \"x\", \"label\": 1}\n" + line + "\n");
      assertRefused(
          dev, bad + ", line 2: a JSON object is needed, each key once, got '" + cut(line) + "'");
    }
    write("bad.jsonl", "{\"text\": [\"x\"], \"label\": 1}\n");
    assertRefused(dev, bad + ", line 1: a column 'text' is needed, there is [label]");
    write("bad.jsonl", "{\"text\": \"x\", \"label\": \"NaN\"}\n");
    assertRefused(dev, bad + ", line 1: the label must be a number, got 'NaN'");
  }

  @Test
  void aClassificationNeedsTwoLabels() throws IOException {
    Path train = write("train.tsv", "text\tlabel\nA\t0\nB\t0\n");
    assertThatThrownBy(() -> OwnTask.classification(SINGLE, train, train, Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            train + ": a classification needs two labels or more in the column 'label', got [0]");
    write("train.tsv", "text\tlabel\nA\t0\nB\t \n");
    assertThatThrownBy(() -> OwnTask.classification(SINGLE, train, train, Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessage(train + ", line 3: the label must not be blank");
  }

  private static String cut(String line) {
    return line.length() <= 40 ? line : line.substring(0, 40) + "…";
  }

  private static void assertRefused(Task.DataSet set, String message) {
    assertThatThrownBy(() -> set.read(Path.of("")))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  private static String inWords(Example example) {
    TextPair input = example.inputs().get(0);
    return "%d %s%s %s"
        .formatted(
            example.index(),
            input.first(),
            input.second().map(second -> "|" + second).orElse(""),
            example.target().isPresent() ? example.target().getAsDouble() : "none");
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toAbsolutePath();
  }
}
