package org.tiedbert.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.model.EncoderConfig;

class ModelDirectoryTest {
  private static final BertConfig CONFIG =
      new BertConfig(new EncoderConfig(6, 32, 2, 16, 3, 4, 64, 0.1, 0.1, 0.02), false);
  private static final String VOCABULARY = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\n";

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
        .hasMessage("%s is not a checkpoint: it must hold manifest.json", folder);

    Path checkpoint = save(10, VOCABULARY);
    Files.writeString(checkpoint.resolve("vocab.txt"), "another\n");
    assertThatThrownBy(() -> open(checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("vocab.txt is damaged");
  }

  @Test
  void refusesAVocabularyOfAnotherSize() {
    Path checkpoint = save(10, VOCABULARY + "sea\n");
    assertThatThrownBy(() -> open(checkpoint))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("%s: vocab.txt must have vocab_size=6 tokens, it has 7", checkpoint);
  }

  private Path save(long step, String vocabulary) {
    return store.save(
        new TrainingState(step, 0, 0, 0, 0, List.of(100L), List.of()),
        new SessionBundle(step),
        Map.of("vocab.txt", vocabulary.getBytes(UTF_8), BertConfig.FILE_NAME, CONFIG.bytes()),
        false);
  }

  private ModelDirectory open(Path model) {
    return ModelDirectory.open(model, damaged::add);
  }
}
