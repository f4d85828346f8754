package org.tiedbert.interop;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The folder that other tests take for a real model's is one. */
class MiniLmFolderTest {
  @Test
  void holdsEveryParameterOfABertModelUnderItsName() throws IOException {
    // given
    Path folder = MiniLm.huggingFace();
    // when
    JsonNode header = header(folder.resolve("model.safetensors"));
    // then
    assertThat(header.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(names());
    assertThat(header.at("/encoder.layer.5.intermediate.dense.weight/shape").toString())
        .isEqualTo("[1536,384]");
    assertThat(header.at("/encoder.layer.0.output.dense.weight/shape").toString())
        .isEqualTo("[384,1536]");
    assertThat(folder.resolve("tokenizer.json")).exists();
    assertThat(folder.resolve("config.json")).exists();
  }

  @Test
  void hiddenStatesAreOutputsOfThePatchedFile() throws Exception {
    // when
    try (OrtSession session =
        OrtEnvironment.getEnvironment().createSession(MiniLm.onnxWithHiddenStates())) {
      // then
      assertThat(session.getOutputNames())
          .containsAll(MiniLm.hiddenStateNames())
          .contains(MiniLm.POOLER_OUTPUT)
          .hasSize(MiniLm.NUM_HIDDEN_LAYERS + 2);
    }
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (String table : List.of("word", "position", "token_type")) {
      names.add("embeddings.%s_embeddings.weight".formatted(table));
    }
    List<String> layers = new ArrayList<>(List.of("embeddings.LayerNorm", "pooler.dense"));
    for (int layer = 0; layer < MiniLm.NUM_HIDDEN_LAYERS; layer++) {
      for (String part :
          List.of(
              "attention.self.query",
              "attention.self.key",
              "attention.self.value",
              "attention.output.dense",
              "attention.output.LayerNorm",
              "intermediate.dense",
              "output.dense",
              "output.LayerNorm")) {
        layers.add("encoder.layer.%d.%s".formatted(layer, part));
      }
    }
    for (String layer : layers) {
      names.add(layer + ".weight");
      names.add(layer + ".bias");
    }
    return names;
  }

  private static JsonNode header(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      channel.read(length);
      ByteBuffer json = ByteBuffer.allocate((int) length.getLong(0));
      channel.read(json);
      assertThat(json.hasRemaining()).isFalse();
      return new ObjectMapper().readTree(new String(json.array(), StandardCharsets.UTF_8));
    }
  }
}
