package org.tiedbert.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ModelPart;
import org.tiedbert.text.Vocabulary;

class ModelDirectoryTest {
  private static final BertConfig CONFIG =
      new BertConfig(new EncoderConfig(6, 32, 2, 16, 3, 4, 64, 0.1, 0.1, 0.02), false);
  private static final String VOCABULARY = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n";

  private static final Vocabulary TOKENS = Vocabulary.of(VOCABULARY.lines().toList());
  private static final BundleWriter TENSORS =
      new TensorBundleWriter(
          Map.of("bert/pooler/dense/bias", Shape.of(2)), name -> new float[] {1, 2});

  @TempDir Path folder;
  private final List<CheckpointException> damaged = new ArrayList<>();
  private Path run;
  private CheckpointStore store;

  @BeforeEach
  void makeRun() {
    run = folder.resolve("run");
    RunDirectory directory = RunDirectory.createOrContinue(run);
    directory.lock().close();
    store = new CheckpointStore(directory.checkpoints(), CheckpointStore.KEEP_ALL);
  }

  @Test
  void ofARunIsItsNewestIntactCheckpoint() throws IOException {
    // given
    save(10, VOCABULARY);
    Path second = save(20, VOCABULARY);
    Path third = save(30, VOCABULARY);
    Files.delete(third.resolve("vocab.txt"));
    // when
    ModelDirectory model = open(run);
    // then
    assertThat(model.path()).isEqualTo(second);
    assertThat(model.prefix()).isEqualTo(second.resolve("model.ckpt"));
    assertThat(model.config()).isEqualTo(CONFIG);
    assertThat(model.vocabulary().size()).isEqualTo(6);
    assertThat(model.state().orElseThrow().step()).isEqualTo(20);
    assertThat(damaged).hasSize(1);
  }

  @Test
  void isACheckpointDirectoryOfAnyName() throws IOException {
    // given
    Path moved = Files.move(save(10, VOCABULARY), folder.resolve("my model"));
    // when, then
    assertThat(open(moved).path()).isEqualTo(moved);
    assertThat(open(moved).file("config.yaml")).isEqualTo(moved.resolve("config.yaml"));
  }

  @Test
  void refusesWhatIsNoModel() throws IOException {
    Path nothing = folder.resolve("nothing");
    assertThatThrownBy(() -> open(nothing))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "a model is a run directory or a checkpoint directory, there is no directory %s",
            nothing);
    assertThatThrownBy(() -> open(run))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "run %s has no checkpoint in %s yet; let it train until it has saved one",
            run, run.resolve("checkpoints"));
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "%s is no model: it must hold manifest.json; 'tiedbert import' makes a model of another"
                + " program's files",
            folder);

    Path checkpoint = save(10, VOCABULARY);
    Files.writeString(checkpoint.resolve("vocab.txt"), "another\n");
    assertThatThrownBy(() -> open(checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("vocab.txt is damaged");
  }

  @Test
  void refusesAManifestThatDoesNotAnswerForTheFiles() throws IOException {
    // given
    Path checkpoint = save(10, VOCABULARY);
    Path manifest = checkpoint.resolve("manifest.json");
    String whole = Files.readString(manifest);
    // then: one of nothing
    Files.writeString(manifest, "{\"formatVersion\": 1, \"keepForever\": false, \"files\": []}");
    assertThatThrownBy(() -> open(checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "checkpoint %s is damaged: its manifest.json must list [bert_config.json,"
                + " model.ckpt.data-00000-of-00001, model.ckpt.index, state.json, vocab.txt], which"
                + " it does not; copy it again",
            checkpoint);
    // and files elsewhere, or none at all
    for (String name : List.of("../vocab.txt", "/etc/passwd", "..", "a\\\\b", "vocab\\u0000.txt")) {
      Files.writeString(manifest, whole.replace("vocab.txt", name));
      assertThatThrownBy(() -> open(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith("%s: a file must have the plain name of one in the", manifest);
    }
    Files.writeString(manifest, "{\"formatVersion\": 1, \"keepForever\": false, \"files\": null}");
    assertThatThrownBy(() -> open(checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("%s: files must be a list of files, got null", manifest);
  }

  @Test
  void refusesAVocabularyOfAnotherSize() {
    Path checkpoint = save(10, VOCABULARY + "sea\n");
    assertThatThrownBy(() -> open(checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("%s: vocab.txt must have vocab_size=6 tokens, it has 7", checkpoint);
  }

  @Test
  void isWrittenWholeWithoutAState() {
    // given
    Path target = folder.resolve("imported");
    Labels labels = new Labels(List.of("no", "yes"));
    // when
    ModelDirectory.write(target, TENSORS, CONFIG, TOKENS, Optional.of(labels));
    // then
    ModelDirectory model = open(target);
    assertThat(model.config()).isEqualTo(CONFIG);
    assertThat(model.vocabulary().tokens()).isEqualTo(TOKENS.tokens());
    assertThat(model.labels()).contains(labels);
    assertThat(model.state()).isEmpty();
    assertThat(model.parts()).containsExactly(ModelPart.POOLER);
    assertThat(damaged).isEmpty();
    // and with no labels
    ModelDirectory.write(folder.resolve("other"), TENSORS, CONFIG, TOKENS, Optional.empty());
    assertThat(open(folder.resolve("other")).labels()).isEmpty();
  }

  @Test
  void isNotThereAtAllIfItCannotBeWritten() throws IOException {
    // given
    Path target = folder.resolve("imported");
    BundleWriter less = prefix -> withAnotherName(TENSORS.write(prefix));
    BundleWriter none = prefix -> Set.of("bert/pooler/dense/bias");
    BundleWriter broken =
        prefix -> {
          TENSORS.write(prefix);
          throw new IOException("no space left");
        };
    // when, then
    assertThatThrownBy(() -> write(target, less))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "model %s could not be written, no part of it stays: "
                + "the bundle lacks [other] and has [], which were not expected",
            target);
    assertThatThrownBy(() -> write(target, none))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no TensorFlow V2 checkpoint");
    assertThatThrownBy(() -> write(target, broken))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no space left");
    try (Stream<Path> paths = Files.list(folder)) {
      assertThat(paths).containsExactly(run);
    }
  }

  @Test
  void refusesToWriteOverSomethingOrWithAnotherVocabulary() throws IOException {
    Path target = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> write(target, TENSORS))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("%s exists; name another folder, or delete this one", target);
    Vocabulary five = Vocabulary.of(TOKENS.tokens().subList(0, 5));
    assertThatThrownBy(
            () ->
                ModelDirectory.write(
                    folder.resolve("new"), TENSORS, CONFIG, five, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a model with vocabSize=6 needs as many tokens, got 5");
  }

  private static Set<String> withAnotherName(Set<String> names) {
    Set<String> more = new HashSet<>(names);
    more.add("other");
    return more;
  }

  private static void write(Path target, BundleWriter bundle) {
    ModelDirectory.write(target, bundle, CONFIG, TOKENS, Optional.empty());
  }

  private Path save(long step, String vocabulary) {
    return store.save(
        new TrainingState(step, 0, 0, 0, 0, List.of(100L), List.of(), LossTrend.NONE, 0),
        new SessionBundle(step),
        Map.of("vocab.txt", vocabulary.getBytes(UTF_8), BertConfig.FILE_NAME, CONFIG.bytes()),
        false);
  }

  private ModelDirectory open(Path model) {
    return ModelDirectory.open(model, damaged::add);
  }
}
