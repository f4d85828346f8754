package org.tiedbert.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tiedbert.text.Vocabulary;

/**
 * The tokenizer of a BERT folder: {@code vocab.txt}, {@code tokenizer.json} and {@code
 * tokenizer_config.json}, those of them that there are. Where two say the same thing they must
 * agree, and what they say must be BERT's tokenization, cased or uncased.
 *
 * @param lowerCase whether text is lowered and its accents taken off
 */
record HuggingFaceTokenizer(Vocabulary vocabulary, boolean lowerCase) {
  static final String TOKENIZER = "tokenizer.json";
  static final String CONFIG = "tokenizer_config.json";

  private static final String ADDED = "added_tokens.json";
  private static final long MAX_BYTES = 32L << 20;

  /** By the keys that name them. */
  static final SortedMap<String, String> SPECIAL =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.of(
                  "pad_token", Vocabulary.PAD,
                  "unk_token", Vocabulary.UNK,
                  "cls_token", Vocabulary.CLS,
                  "sep_token", Vocabulary.SEP,
                  "mask_token", Vocabulary.MASK)));

  /**
   * @throws org.tiedbert.text.InputException if there is none, a file is damaged, two disagree, or
   *     it is no BERT's
   */
  static HuggingFaceTokenizer read(Path folder) {
    Optional<JsonFile> tokenizer = JsonFile.readIfThere(folder.resolve(TOKENIZER), MAX_BYTES);
    Optional<JsonFile> config = JsonFile.readIfThere(folder.resolve(CONFIG), MAX_BYTES);
    config.ifPresent(present -> requireBertTokenizer(present, tokenizer.isPresent()));
    requireNothingAdded(folder, tokenizer, config);
    Vocabulary vocabulary = vocabulary(folder, tokenizer.map(HuggingFaceTokenizerJson::vocabulary));
    return new HuggingFaceTokenizer(
        vocabulary, lowerCase(folder, tokenizer.map(HuggingFaceTokenizerJson::normalizer), config));
  }

  private static Vocabulary vocabulary(Path folder, Optional<Vocabulary> ofTokenizer) {
    Path file = folder.resolve(Vocabulary.FILE_NAME);
    if (!Files.exists(file)) {
      return ofTokenizer.orElseThrow(
          () ->
              new InteropException(
                  "%s must hold %s or %s, the model's tokens"
                      .formatted(folder, Vocabulary.FILE_NAME, TOKENIZER)));
    }
    Vocabulary ofFile = Vocabulary.read(file);
    if (ofTokenizer.isPresent() && !ofTokenizer.get().tokens().equals(ofFile.tokens())) {
      throw new InteropException(
          "%s: %s has %d tokens and %s has %d, or others; delete the one that is not the model's"
              .formatted(
                  folder,
                  Vocabulary.FILE_NAME,
                  ofFile.size(),
                  TOKENIZER,
                  ofTokenizer.get().size()));
    }
    return ofFile;
  }

  private static boolean lowerCase(
      Path folder, Optional<JsonFile> normalizer, Optional<JsonFile> config) {
    Optional<Boolean> normalized = normalizer.flatMap(json -> json.flag("lowercase"));
    Optional<Boolean> configured = config.flatMap(json -> json.flag("do_lower_case"));
    if (normalized.isPresent() && configured.isPresent() && !normalized.equals(configured)) {
      throw new InteropException(
          ("%s: the normalizer of %s has lowercase %s, %s has do_lower_case %s; make them agree"
                  + " with the model")
              .formatted(folder, TOKENIZER, normalized.get(), CONFIG, configured.get()));
    }
    boolean lowerCase =
        configured
            .or(() -> normalized)
            .orElseThrow(
                () ->
                    new InteropException(
                        ("%s does not say whether its text is lowered; write"
                                + " {\"do_lower_case\": true} for an uncased or"
                                + " {\"do_lower_case\": false} for a cased model into %s")
                            .formatted(folder, CONFIG)));
    for (Optional<JsonFile> json : List.of(normalizer, config)) {
      json.ifPresent(
          present ->
              requireFlag(
                  present,
                  "strip_accents",
                  lowerCase,
                  "as lower-casing is: accents go where case goes"));
    }
    return lowerCase;
  }

  private static void requireBertTokenizer(JsonFile config, boolean hasTokenizerJson) {
    Set<String> classes = new TreeSet<>(List.of("BertTokenizer", "BertTokenizerFast"));
    if (hasTokenizerJson) { // the file says it all then
      classes.addAll(List.of("PreTrainedTokenizerFast", "TokenizersBackend"));
    }
    config
        .text("tokenizer_class")
        .filter(name -> !classes.contains(name))
        .ifPresent(name -> refuse(config, "tokenizer_class", name, "one of " + classes));
    requireFlag(config, "tokenize_chinese_chars", true, "true, as for every BERT here");
    requireFlag(config, "do_basic_tokenize", true, "true, as for every BERT here");
    config
        .value("never_split")
        .filter(tokens -> !tokens.isEmpty())
        .ifPresent(tokens -> refuse(config, "never_split", tokens, "empty"));
    SPECIAL.forEach(
        (key, token) ->
            config
                .value(key)
                .map(HuggingFaceTokenizer::content)
                .filter(found -> !found.equals(token))
                .ifPresent(found -> refuse(config, key, found, token)));
  }

  static void requireFlag(JsonFile json, String key, boolean needed, String why) {
    json.flag(key).filter(is -> is != needed).ifPresent(found -> refuse(json, key, found, why));
  }

  static void refuse(JsonFile json, String key, Object found, String needed) {
    throw new InteropException(
        "%s has %s %s, it must be %s; such a tokenizer cannot be taken over"
            .formatted(json.name(), key, JsonFile.quoted(found.toString()), needed));
  }

  /** Tokens that are found in the raw text, before it is split into words. */
  private static void requireNothingAdded(
      Path folder, Optional<JsonFile> tokenizer, Optional<JsonFile> config) {
    Set<String> added = new TreeSet<>();
    tokenizer.flatMap(json -> json.value("added_tokens")).ifPresent(all -> addContents(all, added));
    for (String key :
        List.of("added_tokens_decoder", "additional_special_tokens", "extra_special_tokens")) {
      config.flatMap(json -> json.value(key)).ifPresent(all -> addContents(all, added));
    }
    JsonFile.readIfThere(folder.resolve(ADDED), MAX_BYTES)
        .ifPresent(json -> json.object().fieldNames().forEachRemaining(added::add));
    added.removeAll(SPECIAL.values());
    if (!added.isEmpty()) {
      throw new InteropException(
          ("%s adds the tokens %s, which are looked for in the raw text; only the five special"
                  + " tokens of BERT can be. If no text will hold them, take them out of %s, %s and"
                  + " %s")
              .formatted(folder, SafetensorsFolder.some(added), TOKENIZER, CONFIG, ADDED));
    }
  }

  private static void addContents(JsonNode tokens, Set<String> to) {
    tokens.forEach(token -> to.add(content(token)));
  }

  /** A token is its text, or an object that says how to look for it. */
  static String content(JsonNode token) {
    return token.path("content").asText(token.asText());
  }

  /**
   * The vocabulary with a token for every row of the embeddings. Rows beyond a vocabulary are there
   * to make their number a round one; they become {@code [unusedN]}, as google-research/bert calls
   * its spare rows, which no text is ever tokenized to, as brackets are words of their own.
   */
  Vocabulary paddedTo(Path folder, int numRows) {
    if (vocabulary.size() > numRows) {
      throw new InteropException(
          ("%s: the vocabulary has %d tokens, the embeddings have %d rows; a token without a row"
                  + " cannot be read, give the vocabulary that the model was trained with")
              .formatted(folder, vocabulary.size(), numRows));
    }
    List<String> tokens = new ArrayList<>(vocabulary.tokens());
    for (int number = 0; tokens.size() < numRows; number++) {
      String unused = "[unused%d]".formatted(number);
      if (vocabulary.idOf(unused).isEmpty()) {
        tokens.add(unused);
      }
    }
    return Vocabulary.of(tokens);
  }
}
