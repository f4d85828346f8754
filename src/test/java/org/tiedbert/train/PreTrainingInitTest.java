package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.checkpoint.TensorBundleWriter;
import org.tiedbert.cli.RunConfigReader;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.ParameterShapes;
import org.tiedbert.text.Vocabulary;

/** A run that starts from a model. */
class PreTrainingInitTest {
  private static final EncoderConfig ENCODER =
      new EncoderConfig(58, 16, 2, 16, 2, 2, 32, 0.1, 0.1, 0.02);

  @TempDir private Path folder;
  private Path shards;
  private Path model;
  private Path output;

  @BeforeEach
  void writeShards() {
    shards = PreTrainingSetup.shards(folder.resolve("shards"));
    model = folder.resolve("model");
    output = folder.resolve("run");
  }

  @Test
  void startsFromEveryParameterOfARunAndFromNoneOfItsMoments() throws IOException {
    // given
    Path before = folder.resolve("before");
    PreTrainingSetup.run(PreTrainingSetup.config(shards, "stages={kind: plain, steps: 5}"), before);
    // when
    PreTrainingConfig config = config(before);
    stopAtOnce(config);
    // then
    try (TensorBundle from = PreTrainingSetup.bundle(before, 5);
        TensorBundle to = PreTrainingSetup.bundle(output, 0)) {
      for (String name : to.names()) {
        float[] zeros = new float[(int) to.shape(name).size()];
        assertThat(to.floats(name))
            .as(name)
            .isEqualTo(name.contains("/adam_") ? zeros : from.floats(name));
      }
    }
    // and when: the model is gone, the run has what it needs of it
    Files.move(before, folder.resolve("elsewhere"));
    // then
    assertThat(PreTrainingSetup.run(config, output)).isEqualTo(PreTraining.Outcome.FINISHED);
  }

  @Test
  void whatTheModelLacksIsNewAndWhatTheRunLacksIsLeftOut() {
    // given: an encoder with a next-sentence head, of which the run has none
    write(ENCODER, Set.of(ModelPart.NEXT_SENTENCE), PreTrainingSetup.vocabulary());
    // when
    List<String> notes = stopAtOnce(config(model));
    // then
    assertThat(notes)
        .containsExactly(
            "starts from %s, which has no pooler and masked-LM head: new there; its"
                    .formatted(model)
                + " next-sentence head is left out");
    try (TensorBundle bundle = PreTrainingSetup.bundle(output, 0)) {
      assertThat(bundle.floats("bert/encoder/layer_1/output/dense/kernel")).containsOnly(0.25f);
      assertThat(bundle.floats("cls/predictions/output_bias")).containsOnly(0);
      float[] fresh = bundle.floats("cls/predictions/transform/dense/kernel");
      assertThat(fresh[0]).isNotZero().isBetween(-0.05f, 0.05f);
      assertThat(bundle.names()).noneMatch(name -> name.contains("seq_relationship"));
    }
  }

  @Test
  void takesTheModelsShapeUnlessAnotherIsGiven() {
    // given: no sizes but the model's
    EncoderConfig encoder = new EncoderConfig(58, 20, 2, 12, 1, 3, 24, 0.2, 0.3, 0.05);
    write(encoder, Set.of(), PreTrainingSetup.vocabulary());
    String init = "init=%s".formatted(model);
    // then
    assertThat(RunConfigReader.defaults(List.of("data.shards=s", init)).model()).isEqualTo(encoder);
    assertThat(RunConfigReader.preset("bert-mini", List.of("data.shards=s", init)).model())
        .isEqualTo(encoder);
    assertThat(
            RunConfigReader.preset(
                    "bert-mini", List.of("data.shards=s", init, "model.hiddenDropoutProb=0"))
                .model()
                .hiddenDropoutProb())
        .isZero();
  }

  @Test
  void aLaterStageGrowsFromIt() {
    // given: the model is the first of two stages
    write(ENCODER, Set.of(ModelPart.MASKED_LANGUAGE_MODEL), PreTrainingSetup.vocabulary());
    String stages = "stages={kind: mslt, steps: [5, 1], retrainSteps: 0, moments: copy}";
    // when
    PreTrainingSetup.run(
        PreTrainingSetup.config(
            shards, "init=%s".formatted(model), "model.numHiddenLayers=4", stages),
        output);
    // then: copies of what the first stage made of layers 0 and 1
    float[] source = PreTrainingSetup.tensor(output, 5, "bert/encoder/layer_0/output/dense/bias");
    float[] copy = PreTrainingSetup.tensor(output, 6, "bert/encoder/layer_2/output/dense/bias");
    assertThat(source[0]).isNotEqualTo(0.25f);
    assertThat(Math.abs(copy[0] - source[0])).isLessThan(0.02f); // one update
  }

  @Test
  void refusesAllThatDoesNotFitAndWritesNothing() {
    // given
    List<String> tokens = new ArrayList<>(PreTrainingSetup.vocabulary().tokens());
    Collections.swap(tokens, 10, 11);
    write(ENCODER, Set.of(), Vocabulary.of(tokens));
    // when
    PreTrainingConfig config =
        PreTrainingSetup.config(
            shards,
            "init=%s".formatted(model),
            "model.hiddenSize=32",
            "model.numHiddenLayers=4",
            "stages={kind: plain, steps: 5}");
    // then
    String message =
        """
        the run cannot start from the model in %1$s:
          model.hiddenSize must be the model's 16, got 32
          the first stage must have the model's 2 layers, it has 4 of model.numHiddenLayers=4; train \
        the model as it is with stages.kind=plain, or let it grow on to more
          data.shards must be made with the model's own vocabulary: prepare --vocab %1$s/vocab.txt"""
            .formatted(model);
    assertThatThrownBy(() -> PreTrainingSetup.run(config, output))
        .isInstanceOf(MisfitException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> PlanTable.measure(config)).hasMessage(message);
    assertThat(output).doesNotExist();
  }

  @Test
  void refusesTextThatWasPreparedInAnotherCase() {
    // given
    write(ENCODER, Set.of(), PreTrainingSetup.vocabulary(), false);
    // then
    assertThatThrownBy(() -> PreTrainingSetup.run(config(model), output))
        .hasMessageContaining("data.shards must hold cased text, as the model reads, not uncased");
  }

  @Test
  void refusesAModelThatIsNotThere() {
    assertThatThrownBy(() -> RunConfigReader.defaults(List.of("data.shards=s", "init=nowhere")))
        .hasMessageContaining("init: ")
        .hasMessageContaining("there is no directory nowhere");
  }

  private PreTrainingConfig config(Path init) {
    return PreTrainingSetup.config(
        shards, "init=%s".formatted(init), "stages={kind: plain, steps: 5}");
  }

  /** Stops it when its first stage has started, and gives what it told. */
  private List<String> stopAtOnce(PreTrainingConfig config) {
    List<String> notes = new ArrayList<>();
    AtomicReference<PreTraining> run = new AtomicReference<>();
    Progress progress =
        new PreTrainingSetup.Listener() {
          @Override
          public void stageStarted(StageReport stage) {
            run.get().stop();
          }

          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    run.set(PreTrainingSetup.run(config, output, progress));
    assertThat(run.get().run()).isEqualTo(PreTraining.Outcome.STOPPED);
    return notes;
  }

  private void write(EncoderConfig encoder, Set<ModelPart> parts, Vocabulary vocabulary) {
    write(encoder, parts, vocabulary, true);
  }

  /** A model all of whose values are 1/4. */
  private void write(
      EncoderConfig encoder, Set<ModelPart> parts, Vocabulary vocabulary, boolean lowerCase) {
    Map<String, Shape> shapes = new LinkedHashMap<>(ParameterShapes.of(encoder, parts, 0));
    TensorBundleWriter bundle =
        new TensorBundleWriter(
            shapes,
            name -> {
              float[] values = new float[(int) shapes.get(name).size()];
              Arrays.fill(values, 0.25f);
              return values;
            });
    ModelDirectory.write(
        model, bundle, new BertConfig(encoder, lowerCase), vocabulary, Optional.empty());
  }
}
