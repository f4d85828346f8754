package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;
import org.tiedbert.noise.Noise;
import org.tiedbert.optim.AdamW;
import org.tiedbert.optim.Lamb;
import org.tiedbert.stage.Decay;
import org.tiedbert.stage.MomentPolicy;
import org.tiedbert.stage.StageMethod;
import org.tiedbert.train.PreTrainingConfig;

class RunConfigReaderTest {
  static final List<String> PRESETS = RunConfigReader.PRESETS;

  @TempDir Path folder;

  @ParameterizedTest
  @FieldSource("PRESETS")
  void everyPresetLoadsAndIsReadBackAsWritten(String name) throws IOException {
    // given
    PreTrainingConfig preset = preset(name);
    Path written = file(RunConfigReader.write(preset));
    // when
    PreTrainingConfig read = RunConfigReader.readWritten(written);
    // then
    assertThat(read).isEqualTo(preset);
    assertThat(RunConfigReader.differences(preset, read)).isEmpty();
  }

  @Test
  void tiedBertIsAsInThePaper() {
    PreTrainingConfig config = preset("tied-bert-paper");
    Noise masking = new Noise.TokenMasking(0.15, 0.8, 0.1);
    assertThat(config.model()).isEqualTo(preset("bert-base").model());
    assertThat(config.model().numHiddenLayers()).isEqualTo(12);
    assertThat(config.model().hiddenSize()).isEqualTo(768);
    assertThat(config.noise().views()).containsExactly(masking, masking);
    assertThat(config.loss()).isEqualTo(new LossConfig(1, FeatureLevel.WORD, false));
    assertThat(config.data().batchSize()).isEqualTo(1024);
    assertThat(((AdamW) config.optimizer()).weightDecay()).isEqualTo(0.01);
    assertThat(config.clip().maxNorm()).isEqualTo(1);
    assertThat(config.learningRate().peak()).isEqualTo(1e-4);
    assertThat(config.learningRate().warmupSteps()).isEqualTo(800);
    assertThat(config.learningRate().decay()).isEqualTo(new Decay.Linear());
    assertThat(config.stages()).isEqualTo(new StageMethod.Plain(80_000));
  }

  @Test
  void msltIsAsInThePaper() {
    PreTrainingConfig base = preset("mslt-bert-base-paper");
    List<Long> steps = List.of(200_000L, 200_000L, 200_000L, 200_000L);
    assertThat(base.model()).isEqualTo(preset("bert-base").model());
    assertThat(base.stages()).isEqualTo(new StageMethod.Mslt(steps, 200_000, MomentPolicy.COPY));
    assertThat(base.optimizer()).isInstanceOf(Lamb.class);
    assertThat(base.learningRate().peak()).isEqualTo(0.00088);
    assertThat(base.learningRate().warmupSteps()).isEqualTo(10_000);
    assertThat(base.data().batchSize()).isEqualTo(1024);
    assertThat(base.noise().views()).hasSize(1);
    assertThat(base.loss()).isEqualTo(new LossConfig(0, FeatureLevel.WORD, true));

    PreTrainingConfig large = preset("mslt-bert-large-paper");
    assertThat(large.model()).isEqualTo(preset("bert-large").model());
    assertThat(RunConfigReader.differences(base, large))
        .containsExactly(
            "data.microBatchSize: 16 → 8",
            "model.hiddenSize: 768 → 1024",
            "model.numHiddenLayers: 12 → 24",
            "model.numAttentionHeads: 12 → 16",
            "model.intermediateSize: 3072 → 4096");
  }

  @Test
  void layersLieInTheirOrder() throws IOException {
    // given: preset over defaults, file over preset, --set over file
    Path file =
        file(
            """
            preset: bert-mini
            data: {shards: data/shards}
            model: {vocabSize: 8000}
            noise:
              views:
                - {kind: tokenMasking, rate: 0.15, maskProb: 0.8, randomProb: 0.1}
                - {kind: tokenReplacement, rate: 0.15}
            learningRate: {peak: 3e-4, decay: cosine}
            """);
    // when
    PreTrainingConfig config =
        RunConfigReader.read(
            file,
            List.of(
                "learningRate.peak=5e-4",
                "noise.views[1].rate=0.2",
                "engine.xla=off",
                "maxDuration=30m"));
    // then
    assertThat(config.data().shards()).isEqualTo(Path.of("data/shards"));
    assertThat(config.model().hiddenSize()).isEqualTo(256);
    assertThat(config.model().vocabSize()).isEqualTo(8000);
    assertThat(config.model().initializerRange()).isEqualTo(0.02);
    assertThat(config.noise().views().get(1)).isEqualTo(new Noise.TokenReplacement(0.2));
    assertThat(config.learningRate().peak()).isEqualTo(5e-4);
    assertThat(config.learningRate().decay()).isEqualTo(new Decay.Cosine());
    assertThat(config.engine().xla()).isEqualTo(XlaMode.OFF);
    assertThat(config.maxDuration()).contains(Duration.ofMinutes(30));
  }

  @Test
  void anotherKindReplacesAllSettingsOfTheOneBelow() {
    // the preset's steps, a list, and its retrainSteps are gone, whatever the order of the options
    for (List<String> options :
        List.of(
            List.of("stages.kind=plain", "stages.steps=5000"),
            List.of("stages.steps=5000", "stages.kind=plain"))) {
      assertThat(preset("quickstart", options).stages()).isEqualTo(new StageMethod.Plain(5000));
    }
  }

  @Test
  void theSameKindAddsToTheOneBelow() {
    StageMethod stages =
        preset("quickstart", List.of("stages.kind=MSLT", "stages.retrainSteps=7")).stages();
    assertThat(((StageMethod.Mslt) stages).retrainSteps()).isEqualTo(7);
  }

  @Test
  void allProblemsAreListedAtOnceWithTheirPlace() throws IOException {
    Path file =
        file(
            """
            preset: bert-tiny
            model:
              hiddenSzie: 64
            optimizer: {kind: adamW, beta1: 1.5}
            """);
    assertThatThrownBy(
            () -> RunConfigReader.read(file, List.of("noise.views[1].rate=1", "clip=on")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            """
            %1$s has 5 problems:
              data.shards: is missing; set it in the file or with --set data.shards=VALUE
              model.hiddenSzie: there is no such setting; did you mean hiddenSize? (%1$s, line 3)
              noise.views: has no element [1] (--set noise.views[1].rate=1)
              optimizer: beta1 must lie in [0, 1), got 1.5 (%1$s, line 4)
              clip: expected the settings maxNorm, got 'on' (--set clip=on)"""
                .formatted(file));
  }

  @Test
  void whatDoesNotFitTogetherIsAProblemOfTheWhole() {
    assertThatThrownBy(
            () ->
                preset(
                    "bert-base",
                    List.of(
                        "stages={kind: mslt, steps: [1, 1, 1, 1, 1], retrainSteps: 0, moments: copy}",
                        "learningRate.warmupSteps=0")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must divide numHiddenLayers, got 5 and 12");
  }

  @Test
  void refusesAnUnknownPreset() throws IOException {
    Path file = file("preset: bert-huge\n");
    assertThatThrownBy(() -> RunConfigReader.read(file, List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("preset: expected one of quickstart, bert-tiny,")
        .hasMessageContaining("got 'bert-huge'")
        .hasMessageContaining("line 1");
  }

  @Test
  void refusesOptionsThatAreNoSettings() {
    assertThatThrownBy(() -> preset("bert-tiny", List.of("batchSize", "a..b=1", "x=[1")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("--set has 3 problems:")
        .hasMessageContaining("expected path=value such as data.batchSize=64 (--set batchSize)")
        .hasMessageContaining("(--set a..b=1)")
        .hasMessageContaining("(--set x=[1)");
  }

  @Test
  void refusesWhatIsNoYaml() throws IOException {
    for (String text :
        List.of(
            "a: b: c\n",
            "seed: 1\nseed: 2\n",
            "seed: 1\n---\nseed: 2\n",
            "[1]\n",
            "seed: &x 1\nclip: *x\n",
            "seed: [1\n")) {
      Path file = file(text);
      assertThatThrownBy(() -> RunConfigReader.read(file, List.of()))
          .as(text)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(file + ", line ");
    }
  }

  @Test
  void namesTheLinesOfASettingThatIsSetTwice() throws IOException {
    Path file = file("seed: 1\nclip:\n  maxNorm: 1\n  maxNorm: 2\n");
    assertThatThrownBy(() -> RunConfigReader.read(file, List.of()))
        .hasMessageContaining(
            "'maxNorm' is set twice, first on line 3 (%s, line 4)".formatted(file));
  }

  @Test
  void refusesAFileThatIsNotThere() {
    Path file = folder.resolve("nowhere.yaml");
    assertThatThrownBy(() -> RunConfigReader.read(file, List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("there is no configuration file " + file);
  }

  @Test
  void refusesAFileInAnotherEncoding() throws IOException {
    Path file = folder.resolve("latin.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xE9});
    assertThatThrownBy(() -> RunConfigReader.read(file, List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("configuration file %s is not UTF-8; convert it", file);
  }

  @Test
  void aProblemOfTheWholeIsNotSaidToComeFromOverrides() throws IOException {
    Path file =
        file("preset: bert-tiny\ndata: {shards: s}\nmodel: {vocabSize: 9}\nstages: {steps: 1}\n");
    assertThatThrownBy(() -> RunConfigReader.read(file, List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("warmupSteps must be fewer than the 1 steps of the run")
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("(--set)");
  }

  @Test
  void aWrittenConfigurationIsReadWithoutDefaults() throws IOException {
    Path file = file(RunConfigReader.write(preset("bert-tiny")).replace("seed: 1\n", ""));
    assertThatThrownBy(() -> RunConfigReader.readWritten(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("seed: is missing");
  }

  @Test
  void differencesNameWhatIsNewAndWhatIsGone() {
    assertThat(
            RunConfigReader.differences(
                preset(
                    "bert-tiny",
                    "stages={kind: mslt, steps: [800, 800], retrainSteps: 400, moments: copy}"),
                preset("bert-tiny", "stages={kind: plain, steps: 9000}", "maxDuration=1h")))
        .containsExactlyInAnyOrder(
            "stages.kind: mslt → plain",
            "stages.steps[0]: 800 → unset",
            "stages.steps[1]: 800 → unset",
            "stages.steps: unset → 9000",
            "stages.retrainSteps: 400 → unset",
            "stages.moments: copy → unset",
            "maxDuration: null → PT1H");
  }

  private static PreTrainingConfig preset(String name, String... options) {
    return preset(name, Arrays.asList(options));
  }

  private static PreTrainingConfig preset(String name, List<String> options) {
    List<String> all = new ArrayList<>(List.of("data.shards=data/shards"));
    all.addAll(options);
    return RunConfigReader.preset(name, all);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("run.yaml"), text);
  }
}
