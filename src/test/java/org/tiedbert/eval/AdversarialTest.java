package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tiedbert.eval.Adversarial.AdversarialSet;
import org.tiedbert.text.InputException;

class AdversarialTest {
  private static final String ALL_TASKS =
      """
      {"sst2": [{"idx": 3, "label": 1, "sentence": "dismally good", "method": "unknown"}],
       "rte": [{"idx": 0, "label": 1, "sentence1": "A.", "sentence2": "B."}],
       "qqp": [{"idx": 0, "label": 0, "question1": "Who?", "question2": "What?"}],
       "mnli": [{"idx": 0, "label": 0, "premise": "P0", "hypothesis": "H0"},
                {"idx": 1, "label": 1, "premise": "P1", "hypothesis": "H1"},
                {"idx": 7, "label": 2, "premise": "P2", "hypothesis": "H2"}],
       "mnli-mm": [{"idx": 0, "label": 2, "premise": "P", "hypothesis": "H"}],
       "qnli": [{"idx": 0, "label": 0, "question": "Where?", "sentence": "Here."}]}
      """;

  @TempDir Path folder;

  @Test
  void examplesHaveTheTasksOwnTargets() throws IOException {
    List<AdversarialSet> sets = Adversarial.read(file(ALL_TASKS));
    assertThat(sets)
        .extracting(set -> set.name() + " " + set.task().name() + " " + set.cleanSet())
        .containsExactly(
            "sst2 SST-2 dev",
            "qqp QQP dev",
            "mnli MNLI dev_matched",
            "mnli-mm MNLI dev_mismatched",
            "qnli QNLI dev",
            "rte RTE dev");
    assertThat(sets.get(2).examples())
        .extracting(example -> inWords(sets.get(2), example))
        .containsExactly(
            "0 P0|H0 entailment 1.0", "1 P1|H1 neutral 2.0", "7 P2|H2 contradiction 0.0");
    assertThat(inWords(sets.get(0), sets.get(0).examples().get(0)))
        .isEqualTo("3 dismally good 1 1.0");
    assertThat(inWords(sets.get(1), sets.get(1).examples().get(0))).isEqualTo("0 Who?|What? 0 0.0");
    assertThat(inWords(sets.get(3), sets.get(3).examples().get(0)))
        .isEqualTo("0 P|H contradiction 0.0");
    assertThat(inWords(sets.get(4), sets.get(4).examples().get(0)))
        .isEqualTo("0 Where?|Here. entailment 0.0");
    assertThat(inWords(sets.get(5), sets.get(5).examples().get(0)))
        .isEqualTo("0 A.|B. not_entailment 1.0");
  }

  @Test
  void cleanSetsAreSetsOfTheTask() throws IOException {
    assertThat(Adversarial.read(file(ALL_TASKS)))
        .allSatisfy(
            set ->
                assertThat(set.task().devSets())
                    .extracting(Task.DataSet::name)
                    .contains(set.cleanSet()));
  }

  @Test
  void aPartOfTheTasksWillDo() throws IOException {
    assertThat(
            Adversarial.read(
                file(
                    "{\"rte\": [{\"idx\":0,\"label\":0,\"sentence1\":\"a\",\"sentence2\":\"b\"}]}")))
        .extracting(AdversarialSet::name)
        .containsExactly("rte");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "[1]"
            + "# , all of it: an object of sst2, qqp, mnli, mnli-mm, qnli, rte is needed, got [1]",
        "{}# , all of it: an object of sst2, qqp, mnli, mnli-mm, qnli, rte is needed, got {}",
        "{'cola': []}" + "#: a task is one of sst2, qqp, mnli, mnli-mm, qnli, rte, got 'cola'",
        "{'rte': []}# , rte: a list of examples is needed, got []",
        "{'sst2': [{'idx':0,'label':0,'sentence':'a'}, {'idx':1,'label':2,'sentence':'a'}]}"
            + "# , sst2[1]: 'label' must be a whole number from 0 to 1, got 2",
        "{'sst2': [{'idx':0,'label':'1','sentence':'a'}]}"
            + "# , sst2[0]: 'label' must be a whole number from 0 to 1, got \"1\"",
        "{'sst2': [{'label':1,'sentence':'a'}]}"
            + "# , sst2[0]: 'idx' must be a whole number from 0, got nothing",
        "{'mnli': [{'idx':0,'label':1,'premise':'a'}]}"
            + "# , mnli[0]: 'hypothesis' must be a text, got nothing",
        "{'rte': [4]}# , rte[0]: 'idx' must be a whole number from 0, got nothing",
        "{'rte': 1, 'rte': 2}# must be AdvGLUE's JSON, line 1: Duplicate field 'rte'",
        "{'rte': # must be AdvGLUE's JSON, line 2: Unexpected end-of-input"
      },
      quoteCharacter = '~')
  void whatItIsNotIsRefused(String json, String message) throws IOException {
    Path file = file(json.replace('\'', '"') + "\n");
    String glue = message.startsWith(",") || message.startsWith(":") ? "" : " ";
    assertThatThrownBy(() -> Adversarial.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + glue + message);
  }

  @Test
  void aMissingFileIsSaid() {
    Path none = folder.resolve("none.json");
    assertThatThrownBy(() -> Adversarial.read(none))
        .isInstanceOf(InputException.class)
        .hasMessage("there is no file " + none);
  }

  private static String inWords(AdversarialSet set, Example example) {
    TextPair input = example.inputs().get(0);
    double target = example.target().orElseThrow();
    return "%d %s%s %s %s"
        .formatted(
            example.index(),
            input.first(),
            input.second().map(second -> "|" + second).orElse(""),
            set.task().output().inWords(target),
            target);
  }

  private Path file(String json) throws IOException {
    return Files.writeString(folder.resolve("dev.json"), json);
  }
}
