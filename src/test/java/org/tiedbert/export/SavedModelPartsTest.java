package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.model.ModelPart;
import org.tiedbert.text.InputException;

/** Models that have more on top of their encoder than pre-training gives, or less. */
class SavedModelPartsTest {
  private static final long SEED = 5;
  private static final int HIDDEN = TinyModel.ENCODER.hiddenSize();
  private static final String[] CLASSES = {"calm", "rough", "Ebbe und Flut"};

  @TempDir Path directory;

  @Test
  void anEncoderAloneEmbedsAndEncodes() throws Exception {
    // given
    Path exported = export(EnumSet.noneOf(ModelPart.class));
    // when
    Map<String, SignatureDef> signatures = signatures(exported);
    // then
    assertThat(signatures).containsOnlyKeys("serving_default", "embed", "encode");
    assertThat(new TreeSet<>(signatures.get("encode").getOutputsMap().keySet()))
        .containsExactly("hidden_states", "last_hidden_state");
    try (SavedModelEncoder encoder = SavedModelEncoder.load(exported)) {
      assertThat(encoder.embed(List.of("the sea"))[0]).hasSize(HIDDEN);
      assertThatThrownBy(() -> encoder.fillMask("the [MASK]", 1))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "SavedModel %s cannot fill masks: that takes a signature fill_mask from text, top_k to"
                  + " text_index, tokens, scores; it has embed, encode, serving_default",
              exported);
      assertThatThrownBy(() -> encoder.classify(List.of("the sea")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cannot classify: that takes a signature classify from text to");
    }
  }

  @Test
  void withoutAPoolerMasksAreFilledAllTheSame() throws Exception {
    Path exported = export(EnumSet.of(ModelPart.MASKED_LANGUAGE_MODEL));
    assertThat(signatures(exported))
        .containsOnlyKeys("serving_default", "embed", "encode", "fill_mask", "mask_logits");
    assertThat(Files.readString(exported.resolve("README.md")))
        .contains("| on top of the encoder | masked-LM head |")
        .doesNotContain("pooler_output");
    try (SavedModelEncoder encoder = SavedModelEncoder.load(exported)) {
      assertThat(encoder.fillMask("the [MASK]", 3).get(0)).hasSize(3);
    }
  }

  @Test
  void aNextSentenceHeadIsNotServed() throws Exception {
    Path exported = export(EnumSet.of(ModelPart.POOLER, ModelPart.NEXT_SENTENCE));
    assertThat(signatures(exported)).containsOnlyKeys("serving_default", "embed", "encode");
    assertThat(signatures(exported).get("encode").getOutputsMap()).containsKey("pooler_output");
  }

  @Test
  void classifiesTextsAndPairs() throws Exception {
    // given: [CLS] the sea [SEP], and [CLS] the sea [SEP] a ship . [SEP]
    double[] alone = softmax(logits(3, new int[] {2, 5, 6, 3}, new int[4]));
    int[] ids = {2, 5, 6, 3, 15, 16, 13, 3};
    double[] pair = softmax(logits(3, ids, new int[] {0, 0, 0, 0, 1, 1, 1, 1}));
    Path exported = export(EnumSet.of(ModelPart.POOLER, ModelPart.CLASSIFIER), CLASSES);
    try (SavedModelEncoder encoder = SavedModelEncoder.load(exported)) {
      // when
      List<List<Classification>> ofTexts =
          encoder.classify(List.of("it is on a cold , deep sea .", "the sea"));
      List<List<Classification>> ofPairs =
          encoder.classify(List.of("the sea", "a"), List.of("a ship.", ""));
      // then
      assertThat(ofTexts).hasSize(2);
      assertScores(alone, ofTexts.get(1));
      assertScores(pair, ofPairs.get(0));
      // [CLS] a [SEP] [SEP], as Hugging Face has it
      assertScores(
          softmax(logits(3, new int[] {2, 15, 3, 3}, new int[] {0, 0, 0, 1})), ofPairs.get(1));
      assertThatThrownBy(() -> encoder.classify(List.of("a", "b"), List.of("c")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there must be as many second texts as first ones, got 1 and 2");
      assertThat(encoder.classify(List.of())).isEmpty();
    }
    assertThat(Files.readString(exported.resolve("README.md")))
        .contains(
            "classifier of 3 classes: `calm`, `rough`, `Ebbe und Flut`", "| `classify_pair` |");
    assertThat(exported.resolve("assets.extra/labels.json")).exists();
  }

  @Test
  void aRegressionGivesItsValue() throws Exception {
    // given
    double value = logits(1, new int[] {2, 5, 6, 3}, new int[4])[0];
    Path exported = export(EnumSet.of(ModelPart.POOLER, ModelPart.CLASSIFIER), "similarity");
    // when
    List<Classification> score;
    try (SavedModelEncoder encoder = SavedModelEncoder.load(exported)) {
      score = encoder.classify(List.of("The sea")).get(0);
    }
    // then
    assertThat(score).extracting(Classification::label).containsExactly("similarity");
    assertThat(score.get(0).score()).isCloseTo(value, within(1e-5));
    assertThat(Files.readString(exported.resolve("README.md")))
        .contains("regression of `similarity`");
  }

  @Test
  void refusesPartsThatDoNotFitTogether() {
    assertThatThrownBy(() -> export(EnumSet.of(ModelPart.CLASSIFIER), CLASSES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("reads what the pooler makes of a text; it holds no pooler");

    Path unnamed = directory.resolve("unnamed");
    Set<ModelPart> parts = EnumSet.of(ModelPart.POOLER, ModelPart.CLASSIFIER);
    ModelDirectory model = TinyModel.model(unnamed, SEED, parts, 2);
    assertThatThrownBy(() -> new SavedModelExport(model).write(directory.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("labels.json must name its outputs, there is no such file");

    assertThatThrownBy(() -> export(EnumSet.of(ModelPart.POOLER), CLASSES))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("names the outputs of a classifier; ")
        .hasMessageContaining("holds none");

    Path misshapen = directory.resolve("misshapen");
    ModelDirectory two = TinyModel.model(misshapen, SEED, parts, 2, CLASSES);
    assertThatThrownBy(() -> new SavedModelExport(two).write(directory.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "must hold output_weights as DT_FLOAT [3, 16], as labels.json says; it is DT_FLOAT [2,"
                + " 16]");
    assertThat(directory.resolve("none")).doesNotExist();
  }

  private Path export(Set<ModelPart> parts, String... labels) {
    Path exported = directory.resolve("export");
    ModelDirectory model =
        TinyModel.model(
            directory.resolve("run" + new HashSet<>(parts).hashCode()),
            SEED,
            parts,
            labels.length,
            labels);
    new SavedModelExport(model).write(exported);
    return exported;
  }

  @Test
  void nothingOfTrainingIsExported() throws Exception {
    Path exported = export(EnumSet.of(ModelPart.MASKED_LANGUAGE_MODEL));
    byte[] bytes = Files.readAllBytes(exported.resolve("saved_model.pb"));
    List<NodeDef> nodes = SavedModel.parseFrom(bytes).getMetaGraphs(0).getGraphDef().getNodeList();
    assertThat(nodes.stream().flatMap(node -> node.getAttrMap().keySet().stream()))
        .noneMatch(attribute -> attribute.startsWith("_custom_gradient"));
    // and nothing that GELU's slope alone is made of, as the exponential is
    assertThat(nodes).extracting(NodeDef::getOp).contains("Erf").doesNotContain("Exp");
  }

  private static Map<String, SignatureDef> signatures(Path exported) throws Exception {
    byte[] bytes = Files.readAllBytes(exported.resolve("saved_model.pb"));
    return SavedModel.parseFrom(bytes).getMetaGraphs(0).getSignatureDefMap();
  }

  /** W·p + b of the live model's pooled output p. */
  private static double[] logits(int numClasses, int[] ids, int[] types) {
    int[] ones = new int[ids.length];
    Arrays.fill(ones, 1);
    float[] pooled =
        LiveModel.run(
                TinyModel.ENCODER,
                TinyModel.values(TinyModel.ENCODER, SEED),
                new int[][] {ids},
                new int[][] {ones},
                new int[][] {types})
            .pooled();
    float[] weights = TinyModel.value("output_weights", Shape.of(numClasses, HIDDEN), SEED);
    float[] bias = TinyModel.value("output_bias", Shape.of(numClasses), SEED);
    double[] logits = new double[numClasses];
    for (int c = 0; c < numClasses; c++) {
      logits[c] = bias[c];
      for (int h = 0; h < HIDDEN; h++) {
        logits[c] += weights[c * HIDDEN + h] * pooled[h];
      }
    }
    return logits;
  }

  private static double[] softmax(double[] logits) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(logit -> Math.exp(logit) / sum).toArray();
  }

  private static void assertScores(double[] expected, List<Classification> classes) {
    List<String> labels = new ArrayList<>();
    double above = 1;
    for (Classification found : classes) {
      int c = Arrays.asList(CLASSES).indexOf(found.label());
      assertThat(found.score()).isCloseTo(expected[c], within(1e-5)).isLessThanOrEqualTo(above);
      above = found.score();
      labels.add(found.label());
    }
    assertThat(labels).containsExactlyInAnyOrder(CLASSES);
    assertThat(Arrays.stream(expected).max().orElseThrow()).isGreaterThan(0.4); // not all alike
  }
}
