package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.text.InputException;

/**
 * Rows are made up, in the layout of the official files; ¦ stands for a tab, a slash for a line's
 * end.
 */
class GlueTasksTest {
  private static final String SWAG_HEADER =
      ",video-id,fold-ind,startphrase,sent1,sent2,gold-source,ending0,ending1,ending2,ending3";

  @TempDir Path folder;

  @Test
  void tasksHaveGluesMetricsAndTheLabelsOfGoogleBert() {
    assertThat(GlueTasks.all())
        .extracting(task -> inWords(task))
        .containsExactly(
            "CoLA [0, 1] matthews",
            "SST-2 [0, 1] accuracy",
            "MRPC [0, 1] f1 accuracy",
            "QQP [0, 1] f1 accuracy",
            "STS-B [similarity] pearson spearman",
            "MNLI [contradiction, entailment, neutral] accuracy",
            "QNLI [entailment, not_entailment] accuracy",
            "RTE [entailment, not_entailment] accuracy",
            "WNLI [0, 1] accuracy",
            "SWAG [choice] accuracy");
    assertThat(GlueTasks.named("sts-b").name()).isEqualTo("STS-B");
    assertThatThrownBy(() -> GlueTasks.named("STS"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "a task is one of CoLA, SST-2, MRPC, QQP, STS-B, MNLI, QNLI, RTE, WNLI, SWAG, got"
                + " 'STS'");
  }

  @Test
  void officialLayoutsAreRead() throws IOException {
    assertRead("CoLA", "train", "gj04¦1¦¦The \"boat\" sank.", "0 The \"boat\" sank. 1.0");
    assertRead("CoLA", "dev", "gj04¦0¦*¦Sank boat the.", "0 Sank boat the. 0.0");
    assertRead("CoLA", "test", "index¦sentence/0¦Who sank?", "0 Who sank? none");
    assertRead("SST-2", "train", "sentence¦label/good fun ¦1/bad¦0", "0 good fun  1.0; 1 bad 0.0");
    assertRead("SST-2", "test", "index¦sentence/0¦good fun", "0 good fun none");
    assertRead(
        "MRPC",
        "dev",
        "Quality¦#1 ID¦#2 ID¦#1 String¦#2 String/1¦7¦8¦A .¦\" B .",
        "0 A .|\" B . 1.0");
    assertRead(
        "MRPC", "test", "index¦#1 ID¦#2 ID¦#1 String¦#2 String/0¦7¦8¦A .¦B .", "0 A .|B . none");
    assertRead(
        "MRPC", "test", "Quality¦#1 ID¦#2 ID¦#1 String¦#2 String/0¦7¦8¦A .¦B .", "0 A .|B . 0.0");
    assertRead(
        "QQP",
        "train",
        "id¦qid1¦qid2¦question1¦question2¦is_duplicate/4¦1¦2¦Who?¦What?¦0",
        "0 Who?|What? 0.0");
    assertRead("QQP", "test", "id¦question1¦question2/0¦Who?¦What?", "0 Who?|What? none");
    assertRead(
        "STS-B", "dev", "index¦genre¦sentence1¦sentence2¦score/0¦news¦A.¦B.¦3.800", "0 A.|B. 3.8");
    assertRead("STS-B", "test", "index¦genre¦sentence1¦sentence2/0¦news¦A.¦B.", "0 A.|B. none");
    assertRead(
        "MNLI",
        "train",
        "index¦sentence1¦sentence2¦label1¦gold_label/0¦A.¦B.¦-¦contradiction",
        "0 A.|B. 0.0");
    assertRead(
        "MNLI",
        "dev_matched",
        "index¦sentence1¦sentence2¦label1¦gold_label/0¦A.¦B.¦-¦entailment",
        "0 A.|B. 1.0");
    assertRead(
        "MNLI",
        "dev_mismatched",
        "index¦sentence1¦sentence2¦label1¦gold_label/0¦A.¦B.¦-¦neutral",
        "0 A.|B. 2.0");
    assertRead("MNLI", "test_matched", "index¦sentence1¦sentence2/0¦A.¦B.", "0 A.|B. none");
    assertRead("MNLI", "test_mismatched", "index¦sentence1¦sentence2/0¦A.¦B.", "0 A.|B. none");
    assertRead(
        "QNLI", "dev", "index¦question¦sentence¦label/0¦Who?¦B.¦entailment", "0 Who?|B. 0.0");
    assertRead(
        "RTE", "dev", "index¦sentence1¦sentence2¦label/0¦A.¦B.¦not_entailment", "0 A.|B. 1.0");
    assertRead("WNLI", "train", "index¦sentence1¦sentence2¦label/0¦A.¦B.¦1", "0 A.|B. 1.0");
  }

  private void assertRead(String task, String set, String rows, String examples)
      throws IOException {
    write(set + ".tsv", tabs(rows));
    assertThat(
            GlueTasks.named(task).allSets().stream()
                .filter(each -> each.name().equals(set))
                .flatMap(each -> each.read(folder).stream())
                .map(GlueTasksTest::inWords)
                .collect(Collectors.joining("; ")))
        .isEqualTo(examples);
  }

  @Test
  void swagsEndingsFollowTheSecondSentence() throws IOException {
    write(
        "val.csv",
        SWAG_HEADER
            + ",label\n0,v,4,x,\"He said, \"\"hi\"\".\",She,gold,runs,sits,eats,\"a, b\",2\n");
    write("test.csv", SWAG_HEADER + "\n0,v,4,x,A.,She,gold,runs,sits,eats,naps\n");
    Task swag = GlueTasks.named("SWAG");
    Example example = swag.devSets().get(0).read(folder).get(0);
    assertThat(example.inputs())
        .containsExactly(
            TextPair.of("He said, \"hi\".", "She runs"),
            TextPair.of("He said, \"hi\".", "She sits"),
            TextPair.of("He said, \"hi\".", "She eats"),
            TextPair.of("He said, \"hi\".", "She a, b"));
    assertThat(example.target()).hasValue(2);
    assertThat(swag.testSets().get(0).read(folder).get(0).target()).isEmpty();
    write("val.csv", SWAG_HEADER + ",label\n0,v,4,x,A.,She,gold,runs,sits,eats,naps,4\n");
    assertRefused(
        swag.devSets().get(0),
        "val.csv, line 2: the label must be the number of a choice, from 0 to 3, got '4'");
  }

  @Test
  void brokenRowsOfQqpAreLeftOutOnlyWhereLabelsAre() throws IOException {
    Task qqp = GlueTasks.named("QQP");
    write(
        "train.tsv",
        tabs(
            "id¦qid1¦qid2¦question1¦question2¦is_duplicate/0¦1¦2¦Who¦/is it?¦1/1¦3¦4¦Who?¦What?¦0"));
    assertThat(qqp.train().read(folder)).hasSize(1).first().extracting(Example::index).isEqualTo(0);
    write("test.tsv", tabs("id¦question1¦question2/0¦Who?/1¦Who?¦What?"));
    assertRefused(
        qqp.testSets().get(0),
        "test.tsv, line 2: a row needs a cell for each of the 3 columns [id, question1, question2],"
            + " this one has 2");
  }

  @Test
  void whatIsWrongIsSaidWithFileAndLine() throws IOException {
    Task.DataSet rte = GlueTasks.named("RTE").train();
    assertThatThrownBy(() -> rte.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessage("there is no file " + folder.resolve("train.tsv"));
    assertTrainRefused("RTE", "", "train.tsv must hold examples, it holds none");
    assertTrainRefused(
        "RTE", "index¦sentence1¦sentence2¦label", "train.tsv must hold examples, it holds none");
    assertTrainRefused(
        "RTE",
        "index¦sentence1¦label/0¦A.¦entailment",
        "train.tsv, line 2: a column 'sentence2' is needed, there is [index, sentence1, label]");
    assertTrainRefused(
        "RTE",
        "index¦sentence1¦sentence2/0¦A.¦B.",
        "train.tsv, line 2: a column 'label' is needed, there is [index, sentence1, sentence2]");
    assertTrainRefused(
        "RTE",
        "sentence1¦sentence2¦label/A.¦B.¦entailment/A.¦B.¦Entailment",
        "train.tsv, line 3: the label must be one of [entailment, not_entailment], got"
            + " 'Entailment'");
    assertTrainRefused(
        "RTE",
        "sentence1¦sentence2¦label/A.¦B.¦C.¦entailment",
        "train.tsv, line 2: a row needs a cell for each of the 3 columns [sentence1, sentence2,"
            + " label], this one has 4");
    assertTrainRefused(
        "RTE",
        "sentence1¦label¦label/A.¦B.¦C.",
        "train.tsv, line 1: a column's name must be there once, 'label' is there twice");
    assertTrainRefused(
        "CoLA",
        "gj04¦1¦¦A./gj04¦1¦A.",
        "train.tsv, line 2: a row needs a cell for each of the 4 columns [source, label, mark,"
            + " sentence], this one has 3");
    assertTrainRefused(
        "STS-B",
        "sentence1¦sentence2¦score/A.¦B.¦5.1",
        "train.tsv, line 2: the label must be a number from 0.0 to 5.0, got '5.1'");
    assertTrainRefused(
        "STS-B",
        "sentence1¦sentence2¦score/A.¦B.¦much",
        "train.tsv, line 2: the label must be a number from 0.0 to 5.0, got 'much'");
  }

  @Test
  void aTasksFilesAreInTheFolderOrInTheOneOfItsName() throws IOException {
    Task rte = GlueTasks.named("RTE");
    assertThatThrownBy(() -> GlueTasks.folder(folder, rte))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "RTE needs its files, such as train.tsv, in %s or in %s; they are in neither"
                .formatted(folder.resolve("RTE"), folder));
    write("dev.tsv", "");
    assertThat(GlueTasks.folder(folder, rte)).isEqualTo(folder);
    Files.createDirectory(folder.resolve("RTE"));
    write("RTE/test.tsv", "");
    assertThat(GlueTasks.folder(folder, rte)).isEqualTo(folder.resolve("RTE"));
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> GlueTasks.folder(none, rte))
        .hasMessageEndingWith("they are in neither (the latter is no folder)");
  }

  private void assertTrainRefused(String task, String content, String message) throws IOException {
    write("train.tsv", tabs(content));
    assertRefused(GlueTasks.named(task).train(), message);
  }

  private void assertRefused(Task.DataSet set, String message) {
    assertThatThrownBy(() -> set.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(folder.resolve(message).toString());
  }

  private static String inWords(Task task) {
    return "%s %s %s"
        .formatted(
            task.name(),
            task.output().labels().names(),
            task.metrics().stream().map(Metric::name).collect(Collectors.joining(" ")));
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

  private static String tabs(String rows) {
    return rows.isEmpty() ? "" : rows.replace('¦', '\t').replace('/', '\n') + "\n";
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }
}
