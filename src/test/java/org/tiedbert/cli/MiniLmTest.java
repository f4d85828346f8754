package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.interop.MiniLm;
import org.tiedbert.interop.MiniLmReference;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.Vocabulary;

/**
 * A public BERT goes all the way, import, export, embed, and comes out as it does from ONNX Runtime
 * with Hugging Face's tokenizer. Dimensions: L layers, N texts, S tokens, H hidden.
 */
class MiniLmTest {
  private static final double TOLERANCE = 1e-4;
  private static final int TEXTS_PER_BATCH = 5;
  private static final InputStream STANDARD_INPUT = System.in;
  private static final List<String> TEXTS = VariedTexts.read();

  @TempDir static Path folder;
  private static Path model;
  private static Path savedModel;
  private static MiniLmReference reference;
  private static List<List<float[]>> referenceStates; // by text, then layer: [S · H]

  @BeforeAll
  static void importAndExport() throws Exception {
    model = folder.resolve("minilm");
    savedModel = folder.resolve("savedmodel");
    run(
        "import",
        "--from",
        "huggingface",
        "--input",
        MiniLm.huggingFace().toString(),
        "--output",
        model.toString());
    run("export", "--init", model.toString(), "--output", savedModel.toString());
    reference = new MiniLmReference();
    referenceStates = new ArrayList<>();
    for (String text : TEXTS) {
      referenceStates.add(reference.hiddenStates(text));
    }
  }

  @AfterAll
  static void closeReference() throws Exception {
    if (reference != null) {
      reference.close();
    }
  }

  @AfterEach
  void giveStandardInputBack() {
    System.setIn(STANDARD_INPUT);
  }

  @Test
  void textsAreVaried() {
    List<Integer> lengths = TEXTS.stream().map(text -> reference.inputIds(text).length).toList();
    assertThat(TEXTS).hasSize(50).doesNotHaveDuplicates().noneMatch(text -> text.contains("\n"));
    assertThat(lengths).contains(2, 3, MiniLm.MAX_SEQ_LENGTH);
    assertThat(lengths).anyMatch(length -> length > 150 && length < MiniLm.MAX_SEQ_LENGTH);
  }

  @Test
  void hiddenStatesOfAllLayersAgree() {
    try (SavedModelBundle bundle = SavedModelBundle.load(savedModel.toString(), "serve");
        BertTokenizer tokenizer =
            new BertTokenizer(Vocabulary.read(model.resolve("vocab.txt")), true)) {
      for (int start = 0; start < TEXTS.size(); start += TEXTS_PER_BATCH) {
        List<int[]> batch =
            TEXTS.subList(start, start + TEXTS_PER_BATCH).stream()
                .map(text -> inputIds(tokenizer, text))
                .toList();
        try (Result result = encode(bundle, batch)) {
          requireAgreement(start, batch, (TFloat32) result.get(0));
        }
      }
    }
  }

  @Test
  void embeddingsFromTextAgree() throws Exception {
    // given
    System.setIn(
        new ByteArrayInputStream(
            (String.join("\n", TEXTS) + "\n").getBytes(StandardCharsets.UTF_8)));
    // when
    List<String> lines = run("embed", "--model", savedModel.toString()).lines().toList();
    // then
    assertThat(lines).hasSameSizeAs(TEXTS);
    for (int i = 0; i < TEXTS.size(); i++) {
      JsonNode line = new ObjectMapper().readTree(lines.get(i));
      assertThat(line.get("text").asText()).isEqualTo(TEXTS.get(i));
      double[] embedding = new double[MiniLm.HIDDEN_SIZE];
      Arrays.setAll(embedding, h -> line.get("embedding").get(h).asDouble());
      assertThat(largestDifference(embedding, mean(referenceStates.get(i))))
          .as("embedding of '%s'", TEXTS.get(i))
          .isLessThan(TOLERANCE);
    }
  }

  @Test
  void benchComparesTheTwo() throws Exception {
    // given: texts of a few words, which are soon done
    Path json = folder.resolve("speed.json");
    List<String> shortTexts =
        TEXTS.stream().filter(text -> !text.isBlank() && text.length() < 20).toList();
    Path input = Files.write(folder.resolve("short.txt"), shortTexts);
    // when
    String table =
        run(
            "bench",
            "--serving",
            savedModel.toString(),
            "--onnx",
            MiniLm.onnx().toString(),
            "--tokenizer",
            MiniLm.tokenizerJson().toString(),
            "--input",
            input.toString(),
            "--seconds",
            "0.1",
            "--json",
            json.toString());
    // then
    assertThat(table).contains("TensorFlow", "ONNX Runtime", "batch 32: ");
    JsonNode speed = new ObjectMapper().readTree(json.toFile());
    assertThat(speed.get("largestDifference").asDouble()).isBetween(1e-9, TOLERANCE);
    assertThat(speed.get("meanTokens").asDouble()).isBetween(3.0, 20.0);
    assertThat(speed.get("ratios")).hasSize(3);
    assertThat(speed.get("measurements")).hasSize(6);
    for (JsonNode measurement : speed.get("measurements")) {
      assertThat(measurement.get("tokenizingShare").asDouble()).isPositive();
      assertThat(measurement.get("p90Millis").asDouble())
          .isGreaterThanOrEqualTo(measurement.get("medianMillis").asDouble());
    }
  }

  /** [CLS] text [SEP], as the model's vocabulary has them. */
  private static int[] inputIds(BertTokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    int numTokens = Math.min(ids.length, MiniLm.MAX_SEQ_LENGTH - 2);
    int[] framed = new int[numTokens + 2];
    framed[0] = tokenizer.vocabulary().clsId();
    System.arraycopy(ids, 0, framed, 1, numTokens);
    framed[numTokens + 1] = tokenizer.vocabulary().sepId();
    return framed;
  }

  /** float32 [L+1, N, S, H]. */
  private static Result encode(SavedModelBundle bundle, List<int[]> batch) {
    int length = batch.stream().mapToInt(ids -> ids.length).max().orElseThrow();
    SignatureDef signature = bundle.metaGraphDef().getSignatureDefOrThrow("encode");
    Session.Runner runner = bundle.session().runner();
    try (TInt32 inputIds = padded(batch, length, (row, token) -> batch.get(row)[token]);
        TInt32 attentionMask = padded(batch, length, (row, token) -> 1);
        TInt32 tokenTypeIds = padded(batch, length, (row, token) -> 0)) {
      return runner
          .feed(signature.getInputsOrThrow("input_ids").getName(), inputIds)
          .feed(signature.getInputsOrThrow("attention_mask").getName(), attentionMask)
          .feed(signature.getInputsOrThrow("token_type_ids").getName(), tokenTypeIds)
          .fetch(signature.getOutputsOrThrow("hidden_states").getName())
          .run();
    }
  }

  private interface Value {
    int at(int row, int token);
  }

  /** The value of every token of a batch, and 0 behind a text's end: MiniLM's [PAD]. */
  private static TInt32 padded(List<int[]> batch, int length, Value value) {
    int[] values = new int[batch.size() * length];
    for (int row = 0; row < batch.size(); row++) {
      for (int token = 0; token < batch.get(row).length; token++) {
        values[row * length + token] = value.at(row, token);
      }
    }
    return TInt32.tensorOf(Shape.of(batch.size(), length), DataBuffers.of(values));
  }

  /**
   * @param start the place of the batch's first text
   * @param states float32 [L+1, N, S, H]
   */
  private static void requireAgreement(int start, List<int[]> batch, TFloat32 states) {
    for (int row = 0; row < batch.size(); row++) {
      String text = TEXTS.get(start + row);
      assertThat(IntStream.of(batch.get(row)).asLongStream().toArray())
          .isEqualTo(reference.inputIds(text));
      for (int layer = 0; layer <= MiniLm.NUM_HIDDEN_LAYERS; layer++) {
        float[] expected = referenceStates.get(start + row).get(layer);
        float[] found = new float[(int) (states.shape().get(2) * states.shape().get(3))];
        states.get(layer, row).copyTo(DataBuffers.of(found));
        double largest = 0;
        for (int i = 0; i < expected.length; i++) { // padding lies behind
          largest = Math.max(largest, Math.abs(found[i] - expected[i]));
        }
        assertThat(largest).as("layer %d of '%s'", layer, text).isLessThan(TOLERANCE);
      }
    }
  }

  private static double[] mean(List<float[]> states) {
    float[] last = states.get(MiniLm.NUM_HIDDEN_LAYERS);
    double[] mean = new double[MiniLm.HIDDEN_SIZE];
    for (int i = 0; i < last.length; i++) {
      mean[i % mean.length] += (double) last[i] / (last.length / mean.length);
    }
    return mean;
  }

  private static double largestDifference(double[] some, double[] other) {
    return IntStream.range(0, some.length)
        .mapToDouble(i -> Math.abs(some[i] - other[i]))
        .max()
        .orElseThrow();
  }

  /** Runs a command that must succeed; returns what it printed. */
  private static String run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    assertThat(status).as("%s: %s", String.join(" ", args), err).isZero();
    return out.toString();
  }
}
