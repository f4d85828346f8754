package org.tiedbert.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.tiedbert.text.Vocabulary;

/** {@code tokenizer.json}, where its model is WordPiece as BERT has it. */
final class HuggingFaceTokenizerJson {
  private static final int MAX_CHARS_PER_WORD = 100;

  private HuggingFaceTokenizerJson() {}

  static JsonFile normalizer(JsonFile tokenizer) {
    requireType(tokenizer, "pre_tokenizer", "BertPreTokenizer");
    JsonFile normalizer = requireType(tokenizer, "normalizer", "BertNormalizer");
    HuggingFaceTokenizer.requireFlag(
        normalizer, "handle_chinese_chars", true, "true, as for every BERT here");
    HuggingFaceTokenizer.requireFlag(
        normalizer, "clean_text", true, "true, as for every BERT here");
    return normalizer;
  }

  private static JsonFile requireType(JsonFile tokenizer, String key, String type) {
    JsonFile part = tokenizer.required(key, tokenizer.child(key));
    String found = part.required("type", part.text("type"));
    if (!found.equals(type)) {
      HuggingFaceTokenizer.refuse(part, "type", found, type);
    }
    return part;
  }

  static Vocabulary vocabulary(JsonFile tokenizer) {
    JsonFile model = tokenizer.required("model", tokenizer.child("model"));
    // the first files of the kind had no type there
    String type = model.text("type").orElse(model.has("merges") ? "none" : "WordPiece");
    if (!type.equals("WordPiece")) {
      HuggingFaceTokenizer.refuse(model, "type", type, "WordPiece");
    }
    requireText(model, "unk_token", Vocabulary.UNK);
    requireText(model, "continuing_subword_prefix", Vocabulary.CONTINUATION);
    model
        .integer("max_input_chars_per_word")
        .filter(max -> max != MAX_CHARS_PER_WORD)
        .ifPresent(
            max ->
                HuggingFaceTokenizer.refuse(
                    model, "max_input_chars_per_word", max, String.valueOf(MAX_CHARS_PER_WORD)));
    return vocabulary(tokenizer, model.required("vocab", model.child("vocab")));
  }

  private static void requireText(JsonFile model, String key, String needed) {
    model
        .text(key)
        .filter(found -> !found.equals(needed))
        .ifPresent(found -> HuggingFaceTokenizer.refuse(model, key, found, needed));
  }

  private static void add(JsonFile tokenizer, JsonNode added, JsonFile ids) {
    if (!added.isArray()) {
      throw tokenizer.wrong("added_tokens", "a list", added);
    }
    for (JsonNode token : added) {
      String content = HuggingFaceTokenizer.content(token);
      JsonNode id = token.path("id");
      JsonNode before = ids.object().get(content);
      if (before != null && !before.equals(id)) {
        throw ids.wrong(
            JsonFile.quoted(content), "the id that added_tokens has, " + id.toString(), before);
      }
      ids.object().set(content, id);
    }
  }

  private static Vocabulary vocabulary(JsonFile tokenizer, JsonFile ids) {
    tokenizer.value("added_tokens").ifPresent(all -> add(tokenizer, all, ids));
    String[] tokens = new String[ids.object().size()];
    ids.object()
        .properties()
        .forEach(
            token -> {
              JsonNode id = token.getValue();
              if (!id.isInt()
                  || id.intValue() < 0
                  || id.intValue() >= tokens.length
                  || tokens[id.intValue()] != null) {
                throw ids.wrong(
                    JsonFile.quoted(token.getKey()),
                    "an id of its own from 0 to %d".formatted(tokens.length - 1),
                    id);
              }
              tokens[id.intValue()] = token.getKey();
            });
    try {
      return Vocabulary.of(Arrays.asList(tokens));
    } catch (IllegalArgumentException e) {
      throw new InteropException("%s: %s".formatted(ids.name(), e.getMessage()), e);
    }
  }
}
