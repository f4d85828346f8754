package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunLock;
import org.tiedbert.text.Vocabulary;

class PreTrainingRefusalTest {
  @TempDir Path folder;

  private Path shards;
  private Path output;

  @BeforeEach
  void writeShards() {
    shards = PreTrainingSetup.shards(folder.resolve("shards"));
    output = folder.resolve("run");
  }

  @Test
  void refusesShardsThatDoNotFitWithAllThatIsWrong() {
    // given
    PreTrainingConfig config =
        PreTrainingSetup.config(
            shards,
            "model.vocabSize=30522",
            "model.maxPositionEmbeddings=15",
            "noise.maxPredictionsPerSeq=17",
            "loss.nextSentence=true");
    // then
    String message =
        """
        the configuration does not fit the shards in %s:
          model.vocabSize must be the 58 entries of the shards' vocabulary, got 30522
          model.maxPositionEmbeddings must be at least the shards' sequence length 16, got 15
          noise.maxPredictionsPerSeq must be at most the shards' sequence length 16, got 17
          loss.nextSentence needs shards of sentence pairs; write them with prepare --nsp, or set \
        loss.nextSentence=false"""
            .formatted(shards);
    assertThatThrownBy(() -> PreTrainingSetup.run(config, output))
        .isInstanceOf(MisfitException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> PlanTable.measure(config)).hasMessage(message);
    assertThatThrownBy(() -> GraphFiles.write(config, output)).hasMessage(message);
    assertThat(output).doesNotExist();
  }

  @Test
  void refusesShardsWithoutTraining() {
    Path empty =
        PreTrainingSetup.shards(folder.resolve("empty"), PreTrainingSetup.vocabulary(), 0, false);
    assertThatThrownBy(() -> PreTrainingSetup.run(PreTrainingSetup.config(empty), output))
        .isInstanceOf(MisfitException.class)
        .hasMessageContaining("data.shards must hold sequences to train on, these hold none");
    assertThat(output).doesNotExist();
  }

  @Test
  void refusesAnotherConfigurationWithTheLinesThatDiffer() throws IOException {
    // given
    begin(PreTrainingSetup.config(shards));
    String metrics = Files.readString(output.resolve("metrics.jsonl"));
    // when, then
    assertThatThrownBy(
            () -> PreTrainingSetup.run(PreTrainingSetup.config(shards, "seed=4"), output))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "%1$s was begun with another configuration; continue it with its own (%1$s/config.yaml)"
                    .formatted(output)
                + ", or choose another --output. Lines that differ:\n  - seed: 3\n  + seed: 4");
    assertThat(output.resolve("metrics.jsonl")).hasContent(metrics);
  }

  @Test
  void refusesAnotherVocabulary() throws IOException {
    // given: the shards were made anew, from a vocabulary in another order
    begin(PreTrainingSetup.config(shards));
    Files.move(shards, folder.resolve("shards before"));
    List<String> tokens = new ArrayList<>(PreTrainingSetup.vocabulary().tokens());
    Collections.swap(tokens, 10, 11);
    PreTrainingSetup.shards(shards, Vocabulary.of(tokens), 200, false);
    // then
    assertThatThrownBy(() -> PreTrainingSetup.run(PreTrainingSetup.config(shards), output))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("was begun with the vocabulary in %s/vocab.txt".formatted(output));
  }

  @Test
  void leavesSomebodyElsesDirectoryAlone() throws IOException {
    // given
    Files.createDirectory(output);
    Files.writeString(output.resolve("letter.txt"), "Dear all,");
    // then
    assertThatThrownBy(() -> PreTrainingSetup.run(PreTrainingSetup.config(shards), output))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("is not empty and is not a run directory")
        .hasMessageContaining("nothing in it was changed, choose another --output");
    assertThat(output).isDirectoryContaining("glob:**/letter.txt");
    assertThat(output.toFile().list()).containsExactly("letter.txt");
  }

  @Test
  void refusesARunThatIsBeingWritten() {
    // given
    RunLock lock = RunDirectory.createOrContinue(output).lock();
    // then
    try {
      assertThatThrownBy(() -> PreTrainingSetup.run(PreTrainingSetup.config(shards), output))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("is being written by this process, pid");
    } finally {
      lock.close();
    }
    assertThat(output.toFile().list()).containsExactly("tiedbert.lock");
  }

  /** A run that is stopped before its first step. */
  private void begin(PreTrainingConfig config) {
    PreTraining run = PreTrainingSetup.run(config, output, Progress.silent());
    run.stop();
    run.run();
  }
}
