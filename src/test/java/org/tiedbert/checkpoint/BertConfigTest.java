package org.tiedbert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.model.EncoderConfig;

class BertConfigTest {
  private static final EncoderConfig ENCODER =
      new EncoderConfig(100, 32, 2, 16, 3, 4, 64, 0.1, 0.2, 0.02);

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve(BertConfig.FILE_NAME);
  }

  @Test
  void hasTheKeysOfGoogleResearchBert() throws IOException {
    // given
    BertConfig config = new BertConfig(ENCODER, true);
    // when
    ObjectNode json = json(config);
    // then
    assertEquals(100, json.get("vocab_size").asInt());
    assertEquals(16, json.get("hidden_size").asInt());
    assertEquals(3, json.get("num_hidden_layers").asInt());
    assertEquals(4, json.get("num_attention_heads").asInt());
    assertEquals(64, json.get("intermediate_size").asInt());
    assertEquals("gelu", json.get("hidden_act").asText());
    assertEquals(0.1, json.get("hidden_dropout_prob").asDouble());
    assertEquals(0.2, json.get("attention_probs_dropout_prob").asDouble());
    assertEquals(32, json.get("max_position_embeddings").asInt());
    assertEquals(2, json.get("type_vocab_size").asInt());
    assertEquals(0.02, json.get("initializer_range").asDouble());
    assertTrue(json.get("do_lower_case").asBoolean());
    assertEquals(12, json.size());
  }

  @Test
  void readsWhatItWrote() throws IOException {
    for (boolean lowerCase : new boolean[] {true, false}) {
      // given
      BertConfig config = new BertConfig(ENCODER.withNumHiddenLayers(6), lowerCase);
      Files.write(file, config.bytes());
      // when, then
      assertEquals(config, BertConfig.read(file));
    }
  }

  @Test
  void refusesOtherActivations() throws IOException {
    write(json(new BertConfig(ENCODER, true)).put("hidden_act", "relu"));
    assertRefused(file + " has hidden_act relu, the only activation there is here is gelu");
  }

  @Test
  void refusesImpossibleShapes() throws IOException {
    write(json(new BertConfig(ENCODER, true)).put("num_attention_heads", 3));
    assertRefused(
        file
            + " does not describe a BERT: hiddenSize must be a multiple of numAttentionHeads, got"
            + " 16 and 3");
  }

  @Test
  void refusesMissingAndUnknownKeys() throws IOException {
    write(json(new BertConfig(ENCODER, true)).put("position_embedding_type", "relative_key"));
    String unknown = assertThrows(CheckpointException.class, this::read).getMessage();
    assertTrue(unknown.contains(file.toString()), unknown);
    assertTrue(unknown.contains("position_embedding_type"), unknown);

    write(json(new BertConfig(ENCODER, true)).without("do_lower_case"));
    String missing = assertThrows(CheckpointException.class, this::read).getMessage();
    assertTrue(missing.contains("do_lower_case"), missing);
  }

  private BertConfig read() {
    return BertConfig.read(file);
  }

  private void assertRefused(String message) {
    assertEquals(message, assertThrows(CheckpointException.class, this::read).getMessage());
  }

  private static ObjectNode json(BertConfig config) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(config.bytes());
  }

  private void write(ObjectNode json) throws IOException {
    Files.writeString(file, json.toString());
  }
}
