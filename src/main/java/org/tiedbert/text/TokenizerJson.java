package org.tiedbert.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The {@code tokenizer.json} of a BERT vocabulary, field by field that of BertTokenizerFast. */
public final class TokenizerJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A longer word becomes [UNK] as a whole. */
  static final int MAX_CHARS_PER_WORD = 100;

  /** Ends a text among those given to a tokenizer of {@link #ofBytes}. */
  static final String BYTES_SEPARATOR = "[SEP]";

  static final int BYTES_SEPARATOR_ID = 256;

  private TokenizerJson() {}

  /**
   * Normalizes and splits as {@link #of} does and gives the UTF-8 bytes of the words, each byte a
   * token whose id it is.
   */
  static String ofBytes(boolean lowerCase) {
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    addedToken(root.withArray("added_tokens").addObject(), BYTES_SEPARATOR_ID, BYTES_SEPARATOR);
    splitting(root, lowerCase);
    root.putNull("post_processor").putNull("decoder");
    ObjectNode model = root.putObject("model").put("type", "BPE").put("byte_fallback", true);
    model.putArray("merges");
    ObjectNode ids = model.putObject("vocab");
    for (int value = 0; value < 256; value++) {
      ids.put("<0x%02X>".formatted(value), value);
    }
    ids.put(BYTES_SEPARATOR, BYTES_SEPARATOR_ID);
    return string(root);
  }

  /**
   * The file as Hugging Face's programs want it, UTF-8: special tokens are found in the raw text,
   * and {@code [CLS]} and {@code [SEP]} put around it.
   */
  public static byte[] fileOf(Vocabulary vocabulary, boolean lowerCase) {
    ObjectNode root = tree(vocabulary, lowerCase, Vocabulary.SPECIAL);
    ObjectNode processor = root.putObject("post_processor").put("type", "TemplateProcessing");
    ArrayNode single = processor.putArray("single");
    special(single, Vocabulary.CLS, 0);
    sequence(single, "A", 0);
    special(single, Vocabulary.SEP, 0);
    ArrayNode pair = processor.putArray("pair").addAll(single);
    sequence(pair, "B", 1);
    special(pair, Vocabulary.SEP, 1);
    for (String token : List.of(Vocabulary.CLS, Vocabulary.SEP)) {
      ObjectNode special = processor.withObject("/special_tokens").putObject(token);
      special.put("id", token).putArray("ids").add(vocabulary.idOf(token).orElseThrow());
      special.putArray("tokens").add(token);
    }
    return string(root).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @param recognized the tokens to be found in the raw text, before it is cleaned and split
   */
  static String of(Vocabulary vocabulary, boolean lowerCase, List<String> recognized) {
    return string(tree(vocabulary, lowerCase, recognized));
  }

  private static ObjectNode tree(
      Vocabulary vocabulary, boolean lowerCase, List<String> recognized) {
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    recognized.forEach(
        token ->
            addedToken(
                root.withArray("added_tokens").addObject(),
                vocabulary.idOf(token).orElseThrow(),
                token));
    splitting(root, lowerCase);
    root.putNull("post_processor");
    root.putObject("decoder")
        .put("type", "WordPiece")
        .put("prefix", Vocabulary.CONTINUATION)
        .put("cleanup", true);
    wordPiece(root.putObject("model"), vocabulary);
    return root;
  }

  private static void splitting(ObjectNode root, boolean lowerCase) {
    root.putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", true)
        .put("lowercase", lowerCase)
        .putNull("strip_accents"); // null: as lowercase
    root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
  }

  private static void special(ArrayNode template, String token, int segment) {
    template.addObject().putObject("SpecialToken").put("id", token).put("type_id", segment);
  }

  private static void sequence(ArrayNode template, String name, int segment) {
    template.addObject().putObject("Sequence").put("id", name).put("type_id", segment);
  }

  private static String string(ObjectNode root) {
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes could not be written", e);
    }
  }

  private static void addedToken(ObjectNode node, int id, String token) {
    node.put("id", id)
        .put("content", token)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private static void wordPiece(ObjectNode model, Vocabulary vocabulary) {
    model
        .put("type", "WordPiece")
        .put("unk_token", Vocabulary.UNK)
        .put("continuing_subword_prefix", Vocabulary.CONTINUATION)
        .put("max_input_chars_per_word", MAX_CHARS_PER_WORD);
    ObjectNode ids = model.putObject("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.token(id), id);
    }
  }
}
