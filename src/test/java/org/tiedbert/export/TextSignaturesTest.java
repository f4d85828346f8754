package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto.Dim;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tiedbert.engine.Precision;
import org.tiedbert.export.ExportConfig.DefaultSignature;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.Vocabulary;

/**
 * The signatures that take text against those that take ids, which take what Hugging Face's
 * tokenizer makes of the text. N texts, S tokens, H hidden, V vocabulary, M masks.
 */
class TextSignaturesTest {
  private static final long SEED = 30;
  private static final int HIDDEN = TinyModel.ENCODER.hiddenSize();
  private static final Vocabulary VOCABULARY = TinyModel.VOCABULARY;

  /** Of values around 1 through two layers, on any machine's kernels. */
  private static final float ROUNDING = 5e-6f;

  /**
   * A product's operands are rounded to 8 bits: 0.4 % of values around 1, through two layers of
   * eight products each.
   */
  private static final float BFLOAT16_ROUNDING = 0.05f;

  private static final List<String> TEXTS =
      List.of(
          "The seas",
          "",
          "A ship, sailer; CAFÉ cafe\u0301 [MASK] [SEP] on it...",
          "it is cold and deep 深い海 \uD83D\uDEA2 \u0000\uFFFD sea",
          String.join(" ", Collections.nCopies(40, "sea is")));

  @TempDir static Path shared;
  private static SavedModelBundle bundle;
  private static SavedModelBundle bfloat16;

  @BeforeAll
  static void exportThenDeleteEverythingElse() throws IOException {
    Path run = shared.resolve("run");
    TinyModel.writeRun(run, SEED);
    Path exported = shared.resolve("exported");
    Path rounded = shared.resolve("rounded");
    new SavedModelExport(TinyModel.open(run)).write(exported);
    new SavedModelExport(
            TinyModel.open(run), new ExportConfig(DefaultSignature.ENCODE, Precision.BFLOAT16))
        .write(rounded);
    MoreFiles.deleteRecursively(run);
    bundle = SavedModelBundle.load(exported.toString(), "serve");
    bfloat16 = SavedModelBundle.load(rounded.toString(), "serve");
  }

  @AfterAll
  static void close() {
    bundle.close();
    bfloat16.close();
  }

  @Test
  void embeddingIsTheMeanOfTheRealTokensAndClsTheFirst() {
    // given
    int[][] ids = ids(TEXTS, false);
    float[][][] states = encode(bundle, ids);
    // when
    float[][] embeddings = embed(bundle, Signatures.EMBED, Signatures.EMBEDDING, TEXTS);
    float[][] cls = embed(bundle, Signatures.EMBED, Signatures.CLS, TEXTS);
    // then
    for (int n = 0; n < ids.length; n++) {
      assertArrayEquals(mean(states[n], ids[n].length), embeddings[n], ROUNDING, TEXTS.get(n));
      assertArrayEquals(states[n][0], cls[n], ROUNDING, TEXTS.get(n));
    }
    assertThat(ids[4]).hasSize(24); // cut off
  }

  @Test
  void aTextAloneIsTheSameTextAmongLongerOnes() {
    float[][] together = embed(bundle, Signatures.EMBED, Signatures.EMBEDDING, TEXTS);
    for (int n = 0; n < TEXTS.size(); n++) {
      float[] alone =
          embed(bundle, Signatures.EMBED, Signatures.EMBEDDING, TEXTS.subList(n, n + 1))[0];
      assertArrayEquals(alone, together[n], 1e-5f, TEXTS.get(n));
    }
  }

  @Test
  void anEmptyBatchGivesNothing() {
    try (TString none = TString.tensorOf(NdArrays.ofObjects(String.class, Shape.of(0)));
        TInt32 two = TInt32.scalarOf(2);
        Result embedded = bundle.function("embed").call(Map.of("text", none));
        Result filled = bundle.function("fill_mask").call(Map.of("text", none, "top_k", two))) {
      assertEquals(Shape.of(0, HIDDEN), embedded.get("embedding").orElseThrow().shape());
      assertEquals(Shape.of(0, 2), filled.get("tokens").orElseThrow().shape());
    }
  }

  @Test
  void fillMaskIsTheSoftmaxOfTheLogitsAtEachMask() {
    // given
    List<String> texts =
        List.of("the [MASK] is [MASK].", "the sea", "[MASK]ed", "a ship [mask] on the deep [MASK]");
    float[][] logits = maskLogits(ids(texts, true));
    int topK = 5;
    // when
    try (TString text = TString.vectorOf(texts.toArray(String[]::new));
        TInt32 k = TInt32.scalarOf(topK);
        Result result = bundle.function("fill_mask").call(Map.of("text", text, "top_k", k))) {
      TInt32 index = (TInt32) result.get(Signatures.TEXT_INDEX).orElseThrow();
      TString tokens = (TString) result.get(Signatures.TOKENS).orElseThrow();
      TFloat32 scores = (TFloat32) result.get(Signatures.SCORES).orElseThrow();
      // then
      assertThat(index.streamOfObjects()).containsExactly(0, 0, 2, 3);
      for (int m = 0; m < logits.length; m++) {
        float[] here = logits[m];
        double sum = 0;
        for (float logit : here) {
          sum += Math.exp(logit);
        }
        float[] sorted = here.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < topK; i++) {
          int id = VOCABULARY.idOf(tokens.getObject(m, i)).orElseThrow();
          assertEquals(sorted[sorted.length - 1 - i], here[id], ROUNDING);
          assertEquals(Math.exp(here[id]) / sum, scores.getFloat(m, i), ROUNDING);
        }
      }
    }
  }

  @Test
  void moreTokensThanThereAreIsRefused() {
    try (TString text = TString.vectorOf("[MASK]");
        TInt32 k = TInt32.scalarOf(VOCABULARY.size() + 1)) {
      assertThatThrownBy(
              () -> bundle.function("fill_mask").call(Map.of("text", text, "top_k", k)).close())
          .isInstanceOf(TFInvalidArgumentException.class);
    }
  }

  @Test
  void bfloat16IsCloseToFloat32() {
    float[][] exact = embed(bundle, Signatures.EMBED, Signatures.EMBEDDING, TEXTS);
    float[][] rounded = embed(bfloat16, Signatures.EMBED, Signatures.EMBEDDING, TEXTS);
    for (int n = 0; n < TEXTS.size(); n++) {
      assertArrayEquals(exact[n], rounded[n], BFLOAT16_ROUNDING);
      assertThat(rounded[n]).isNotEqualTo(exact[n]);
    }
  }

  @Test
  void theDefaultIsOneOfThem() {
    MetaGraphDef embed = bundle.metaGraphDef();
    assertEquals(
        embed.getSignatureDefOrThrow("embed"), embed.getSignatureDefOrThrow("serving_default"));
    MetaGraphDef encode = bfloat16.metaGraphDef();
    assertEquals(
        encode.getSignatureDefOrThrow("encode"), encode.getSignatureDefOrThrow("serving_default"));
    assertThat(encode.getSignatureDefOrThrow("serving_default").getInputsMap())
        .containsOnlyKeys("input_ids", "attention_mask", "token_type_ids");
    assertThat(encode.getSignatureDefMap()).containsKey("embed");
  }

  @Test
  void saysItsShapes() {
    Map<String, TensorInfo> embed =
        bundle.metaGraphDef().getSignatureDefOrThrow("embed").getOutputsMap();
    assertThat(dimensions(embed.get("embedding"))).containsExactly(-1L, (long) HIDDEN);
    assertThat(dimensions(embed.get("cls"))).containsExactly(-1L, (long) HIDDEN);
    Map<String, TensorInfo> fill =
        bundle.metaGraphDef().getSignatureDefOrThrow("fill_mask").getInputsMap();
    assertThat(dimensions(fill.get("text"))).containsExactly(-1L);
    assertThat(dimensions(fill.get("top_k"))).isEmpty();
    TensorInfo logits =
        bundle.metaGraphDef().getSignatureDefOrThrow("mask_logits").getOutputsOrThrow("logits");
    assertThat(dimensions(logits)).containsExactly(-1L, (long) VOCABULARY.size());
  }

  @Test
  void takesNoAssetAndNoInitializer() throws IOException {
    MetaGraphDef definition = bundle.metaGraphDef();
    assertThat(definition.getAssetFileDefCount()).isZero();
    assertThat(definition.getCollectionDefMap())
        .containsOnlyKeys("variables", "trainable_variables");
    assertThat(definition.getGraphDef().getNodeList())
        .extracting(node -> node.getOp())
        .noneMatch(op -> op.contains("Table") || op.contains("PyFunc") || op.contains("Regex"));
    assertThat(Files.exists(shared.resolve("exported/assets"))).isFalse();
  }

  private static List<Long> dimensions(TensorInfo info) {
    return info.getTensorShape().getDimList().stream().map(Dim::getSize).toList();
  }

  /** [CLS] text [SEP], the text cut to what the model reads. */
  private static int[][] ids(List<String> texts, boolean recognizesSpecialTokens) {
    try (BertTokenizer tokenizer =
        recognizesSpecialTokens
            ? BertTokenizer.recognizingSpecialTokens(VOCABULARY, true)
            : new BertTokenizer(VOCABULARY, true)) {
      return tokenizer.encodeAll(texts).stream()
          .map(
              pieces -> {
                int numPieces =
                    Math.min(pieces.length, TinyModel.ENCODER.maxPositionEmbeddings() - 2);
                int[] ids = new int[numPieces + 2];
                ids[0] = VOCABULARY.clsId();
                System.arraycopy(pieces, 0, ids, 1, numPieces);
                ids[numPieces + 1] = VOCABULARY.sepId();
                return ids;
              })
          .toArray(int[][]::new);
    }
  }

  private static float[] mean(float[][] states, int numTokens) {
    float[] mean = new float[HIDDEN];
    for (int s = 0; s < numTokens; s++) {
      for (int h = 0; h < HIDDEN; h++) {
        mean[h] += states[s][h] / numTokens;
      }
    }
    return mean;
  }

  private static float[][] embed(
      SavedModelBundle model, String signature, String output, List<String> texts) {
    try (TString text = TString.vectorOf(texts.toArray(String[]::new));
        Result result = model.function(signature).call(Map.of(Signatures.TEXT, text))) {
      return StdArrays.array2dCopyOf((TFloat32) result.get(output).orElseThrow());
    }
  }

  private static float[][][] encode(SavedModelBundle model, int[][] ids) {
    try (Result result = model.function(Signatures.ENCODE).call(padded(ids))) {
      return StdArrays.array3dCopyOf(
          (TFloat32) result.get(Signatures.LAST_HIDDEN_STATE).orElseThrow());
    }
  }

  private static float[][] maskLogits(int[][] ids) {
    try (Result result = bundle.function(Signatures.MASK_LOGITS).call(padded(ids))) {
      return StdArrays.array2dCopyOf((TFloat32) result.get(Signatures.LOGITS).orElseThrow());
    }
  }

  private static Map<String, Tensor> padded(int[][] ids) {
    int length = Arrays.stream(ids).mapToInt(row -> row.length).max().orElseThrow();
    int[][] padded = new int[ids.length][];
    int[][] real = new int[ids.length][length];
    for (int n = 0; n < ids.length; n++) {
      padded[n] = Arrays.copyOf(ids[n], length);
      Arrays.fill(padded[n], ids[n].length, length, VOCABULARY.padId());
      Arrays.fill(real[n], 0, ids[n].length, 1);
    }
    return Map.of(
        Signatures.INPUT_IDS, TInt32.tensorOf(StdArrays.ndCopyOf(padded)),
        Signatures.ATTENTION_MASK, TInt32.tensorOf(StdArrays.ndCopyOf(real)),
        Signatures.TOKEN_TYPE_IDS,
            TInt32.tensorOf(StdArrays.ndCopyOf(new int[ids.length][length])));
  }
}
