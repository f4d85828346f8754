package org.tiedbert.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tiedbert.text.InputException;
import org.tiedbert.text.TokenizerJson;

class HuggingFaceTokenizerTest {
  private static final List<String> TOKENS = TinyBert.VOCABULARY.tokens();

  @TempDir Path folder;

  @Test
  void readsEitherFile() throws IOException {
    TinyBert.VOCABULARY.write(folder.resolve("vocab.txt"));
    config("'do_lower_case': false");
    assertReads(false);
    tokenizer(false);
    assertReads(false);
    Files.delete(folder.resolve("vocab.txt"));
    assertReads(false);
    Files.delete(folder.resolve("tokenizer_config.json"));
    assertReads(false);
    tokenizer(true);
    assertReads(true);
    // and what else the programs write
    config(
        """
        'do_lower_case': true, 'strip_accents': true, 'tokenize_chinese_chars': true,
        'tokenizer_class': 'BertTokenizerFast', 'never_split': [], 'mask_token': '[MASK]',
        'cls_token': {'content': '[CLS]', 'special': true}, 'additional_special_tokens': [],
        'model_max_length': 1000000000000000019884624838656,
        'added_tokens_decoder': {'0': {'content': '[PAD]'}}""");
    assertReads(true);
  }

  @Test
  void readsTheFilesOfTheFirstYears() throws IOException {
    // given: no type of the model, and a special token among the added ones only
    tokenizer(true);
    replace("\"type\":\"WordPiece\",\"unk_token\"", "\"unk_token\"");
    replace(",\".\":9", "");
    replace("\"[MASK]\":5,\"the\":6", "\"the\":6,\".\":9");
    // then
    assertReads(true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'do_lower_case': false | the normalizer of tokenizer.json has lowercase true, tokenizer_config.json has do_lower_case false; make them agree with the model",
        "'strip_accents': false | strip_accents false, it must be as lower-casing is",
        "'tokenize_chinese_chars': false | tokenize_chinese_chars false, it must be true",
        "'do_basic_tokenize': false | do_basic_tokenize false, it must be true",
        "'never_split': ['[X]'] | never_split [\"[X]\"], it must be empty",
        "'tokenizer_class': 'BertJapaneseTokenizer' | tokenizer_class BertJapaneseTokenizer, it must be one of [BertTokenizer",
        "'mask_token': '<mask>' | mask_token <mask>, it must be [MASK]",
        "'unk_token': {'content': '<unk>'} | unk_token <unk>, it must be [UNK]",
        "'do_lower_case': 1 | do_lower_case must be true or false, got 1",
        "'additional_special_tokens': ['[E1]', '[MASK]'] | adds the tokens [[E1]], which are looked for in the raw text; only the five special tokens of BERT can be. If no text will hold them, take them out of",
        "'added_tokens_decoder': {'9': {'content': '<ent>'}} | adds the tokens [<ent>], which are looked",
      })
  void refusesWhatNoTokenizerHereDoes(String keys, String message) throws IOException {
    tokenizer(true);
    config(keys);
    assertRefuses(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"type\":\"BertNormalizer\" | \"type\":\"NFC\" | normalizer has type NFC, it must be BertNormalizer",
        "\"type\":\"BertPreTokenizer\" | \"type\":\"Whitespace\" | it must be BertPreTokenizer",
        "\"handle_chinese_chars\":true | \"handle_chinese_chars\":false | handle_chinese_chars false",
        "\"clean_text\":true | \"clean_text\":false | clean_text false, it must be true",
        "\"strip_accents\":null | \"strip_accents\":false | strip_accents false, it must be as",
        "{\"type\":\"WordPiece\",\"unk | {\"type\":\"BPE\",\"unk | model has type BPE, it must be WordPiece",
        "{\"type\":\"WordPiece\",\"unk | {\"merges\":[],\"unk | model has type none, it must be WordPiece",
        "\"unk_token\":\"[UNK]\" | \"unk_token\":\"[PAD]\" | unk_token [PAD], it must be [UNK]",
        "subword_prefix\":\"##\" | subword_prefix\":\"@@\" | subword_prefix @@, it must be ##",
        "word\":100 | word\":200 | max_input_chars_per_word 200, it must be 100",
        "\".\":9 | \".\":10 | vocab: . must be an id of its own from 0 to 9, got 10",
        "\".\":9 | \".\":8 | vocab: . must be an id of its own from 0 to 9, got 8",
        "\".\":9 | \".\":-1 | vocab: . must be an id of its own from 0 to 9, got -1",
        "\".\":9 | \".\":\"9\" | vocab: . must be an id of its own from 0 to 9, got \"9\"",
        "\".\":9 | \"\":9 | vocab: a token must be a line of text, id 9 is ''",
        "\".\":9 | \".\":9,\".\":9 | is no valid JSON: Duplicate field '.'",
        "{\"id\":5,\"content\":\"[MASK]\" | {\"id\":6,\"content\":\"[MASK]\" | vocab: [MASK] must be the id that added_tokens has, 6, got 5",
        "\"[MASK]\":5 | \"[MASK]\":-1 | vocab: [MASK] must be the id that added_tokens has, 5, got -1",
        "\"added_tokens\":[ | \"added_tokens\":\"\",\"other\":[ | added_tokens must be a list, got \"\"",
        "{\"id\":5,\"content\":\"[MASK]\" | {\"id\":10,\"content\":\"[NEW]\" | adds the tokens [[NEW]]",
        "\"pre_tokenizer\" | \"other\" | must have a value for pre_tokenizer",
        "\"vocab\" | \"other\" | model must have a value for vocab",
      })
  void refusesATokenizerThatIsNoBerts(String part, String replacement, String message)
      throws IOException {
    tokenizer(true);
    replace(part, replacement);
    assertRefuses(message);
  }

  @Test
  void refusesFilesThatDisagreeOrDoNotSay() throws IOException {
    assertRefuses("must hold vocab.txt or tokenizer.json, the model's tokens");
    Files.writeString(folder.resolve("vocab.txt"), String.join("\n", TOKENS));
    assertRefuses(
        "does not say whether its text is lowered; write {\"do_lower_case\": true} for an uncased"
            + " or {\"do_lower_case\": false} for a cased model into tokenizer_config.json");
    tokenizer(true);
    Files.writeString(folder.resolve("vocab.txt"), String.join("\n", TOKENS) + "\nmore\n");
    assertRefuses(
        "vocab.txt has 11 tokens and tokenizer.json has 10, or others; delete the one that is not"
            + " the model's");
    Files.delete(folder.resolve("vocab.txt"));
    Files.writeString(folder.resolve("added_tokens.json"), "{\"[E1]\": 10}");
    assertRefuses("adds the tokens [[E1]]");
    Files.delete(folder.resolve("added_tokens.json"));
    config("'tokenizer_class': 'PreTrainedTokenizerFast'");
    assertReads(true);
    Files.delete(folder.resolve("tokenizer.json"));
    TinyBert.VOCABULARY.write(folder.resolve("vocab.txt"));
    assertRefuses("tokenizer_class PreTrainedTokenizerFast, it must be one of");
  }

  @Test
  void continuesAVocabularyToTheRowsOfTheEmbeddings() throws IOException {
    // given: [unused0] is there
    tokenizer(true);
    HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.read(folder);
    // then
    assertThat(tokenizer.paddedTo(folder, 10).tokens()).isEqualTo(TOKENS);
    assertThat(tokenizer.paddedTo(folder, 12).tokens().subList(9, 12))
        .containsExactly(".", "[unused1]", "[unused2]");
    assertThatThrownBy(() -> tokenizer.paddedTo(folder, 9))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "%s: the vocabulary has 10 tokens, the embeddings have 9 rows; a token without a row"
                + " cannot be read, give the vocabulary that the model was trained with",
            folder);
  }

  @Test
  void refusesMoreThanAnyTokenizerHas() throws IOException {
    TinyBert.VOCABULARY.write(folder.resolve("vocab.txt"));
    config("'never_split': [%s]".formatted("0, ".repeat(5_000_000) + "0"));
    assertRefuses("is no valid JSON: Token count (4194305) exceeds the maximum allowed");
    Files.write(folder.resolve("tokenizer.json"), new byte[(32 << 20) + 1]);
    assertRefuses("must have 33554432 bytes or fewer, it has 33554433");
  }

  @Test
  void readsNoMoreOfAFileThatHasNoEnd() throws IOException {
    Path endless = Path.of("/dev/zero");
    assumeTrue(Files.exists(endless));
    Path link = Files.createSymbolicLink(folder.resolve("tokenizer.json"), endless);
    assertRefuses("must have 33554432 bytes or fewer, it has 33554433");
    Files.delete(link);
  }

  private void assertReads(boolean lowerCase) {
    HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.read(folder);
    assertThat(tokenizer.vocabulary().tokens()).isEqualTo(TOKENS);
    assertThat(tokenizer.lowerCase()).isEqualTo(lowerCase);
  }

  private void assertRefuses(String message) {
    assertThatThrownBy(() -> HuggingFaceTokenizer.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageContaining(message);
  }

  private void config(String keys) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{%s}".formatted(keys.replace('\'', '"')));
  }

  private void tokenizer(boolean lowerCase) throws IOException {
    Files.write(
        folder.resolve("tokenizer.json"), TokenizerJson.fileOf(TinyBert.VOCABULARY, lowerCase));
  }

  private void replace(String part, String replacement) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    String json = Files.readString(file);
    assertThat(json).contains(part);
    Files.writeString(file, json.replace(part, replacement));
  }
}
