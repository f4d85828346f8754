package org.tiedbert.export;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tiedbert.export.TokenizerSession.Rows;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.Vocabulary;

/**
 * Rows as Hugging Face's library itself puts them together, cuts and pads them, of texts that are
 * tokens of the vocabulary with spaces between.
 */
final class HuggingFaceRows implements AutoCloseable {
  private final TokenizersLibrary library;
  private final long handle;

  HuggingFaceRows(Vocabulary vocabulary, int maxSeqLength) {
    new BertTokenizer(vocabulary, true).close(); // which loads the library
    this.library = TokenizersLibrary.LIB;
    this.handle = library.createTokenizerFromString(json(vocabulary, maxSeqLength));
  }

  Rows rows(List<String> texts) {
    return padded(library.batchEncode(handle, texts.toArray(String[]::new), true));
  }

  Rows rows(List<String> texts, List<String> pairs) {
    return padded(
        library.batchEncodePair(
            handle, texts.toArray(String[]::new), pairs.toArray(String[]::new), true));
  }

  @Override
  public void close() {
    library.deleteTokenizer(handle);
  }

  private Rows padded(long[] encodings) {
    List<int[]> ids = new ArrayList<>();
    List<int[]> masks = new ArrayList<>();
    List<int[]> types = new ArrayList<>();
    for (long encoding : encodings) {
      ids.add(narrow(library.getTokenIds(encoding)));
      masks.add(narrow(library.getAttentionMask(encoding)));
      types.add(narrow(library.getTypeIds(encoding)));
      library.deleteEncoding(encoding);
    }
    return new Rows(
        ids.toArray(int[][]::new), masks.toArray(int[][]::new), types.toArray(int[][]::new));
  }

  private static int[] narrow(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  private static String json(Vocabulary vocabulary, int maxSeqLength) {
    ObjectNode root = new ObjectMapper().createObjectNode().put("version", "1.0");
    root.putObject("truncation")
        .put("direction", "Right")
        .put("max_length", maxSeqLength)
        .put("strategy", "LongestFirst")
        .put("stride", 0);
    root.putObject("padding")
        .put("strategy", "BatchLongest")
        .put("direction", "Right")
        .putNull("pad_to_multiple_of")
        .put("pad_id", vocabulary.padId())
        .put("pad_type_id", 0)
        .put("pad_token", "[PAD]");
    root.putArray("added_tokens");
    root.putObject("normalizer").put("type", "Lowercase");
    root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    root.putObject("post_processor")
        .put("type", "BertProcessing")
        .set("sep", pair(root, "[SEP]", vocabulary.sepId()));
    root.withObject("post_processor").set("cls", pair(root, "[CLS]", vocabulary.clsId()));
    root.putNull("decoder");
    ObjectNode model = root.putObject("model").put("type", "WordLevel").put("unk_token", "[UNK]");
    ObjectNode ids = model.putObject("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.token(id), id);
    }
    return root.toString();
  }

  private static JsonNode pair(ObjectNode root, String token, int id) {
    return root.arrayNode().add(token).add(id);
  }
}
