package org.tiedbert.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TString;
import org.tiedbert.export.TokenizerSession.Rows;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.Vocabulary;

/**
 * Holds the tokenizer in the graph to Hugging Face's, id by id. With {@code
 * -Dtiedbert.test.vocabulary=vocab.txt} over that vocabulary too.
 */
class GraphTokenizerTest {
  private static final int LONG = 1 << 20;

  /** Every run of whitespace or of a kind of character that is treated on its own, and others. */
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\t\r\n \u00a0\u2003\u3000",
          "The quick brown fox; jumped-over (the) \"lazy\" dog's back?!",
          "caf\u00e9 cafe\u0301 CAF\u00c9 na\u00efve \u00c5ngstr\u00f6m \u1e9b\u0323 \u0344",
          "\u0301", // an accent alone
          "a\u0323\u0307b\u0307\u0323",
          "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2 \u039f\u0394\u039f\u03a3 \u03a3",
          "\u0130stanbul I\u0307 D\u0131yar \u0131 I \u0130",
          "\u00df \u1e9e \ufb01n \u01c5 \u1fb3 \u2126 \u212b",
          "\u8a9e\u8a00\u5b66a\u8a9eb \uf900 \ud87e\udc00 \ud840\udc00 \ud86e\udf40",
          "\uc548\ub155\ud558\uc138\uc694 \uac00\uac01\ud7a3 \u1100\u1161\u11a8",
          "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 \u0928\u092e\u0938\u094d\u0924\u0947",
          "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 \ud83c\uddeb\ud83c\uddf7 \u2764\ufe0f",
          "a\u0000b\u0007c\u007fd\u0085e\u00adf\u200bg\u200eh\u2028i\u2029j\ufeffk\ufffdl\u180em",
          "\ue000\udb80\udc00 x\ue000y \u0378 x\u0378y \uffff x\uffffy \udbff\udfff",
          "k\u302e\u1b44 k\u1b44\u302e", // marks that stay are sorted
          "k\u302e\u0e31\u1b44 k\u302e\u0301\u1b44 k\u302e\u200d\u1b44 k\u302e \u1b44", // or not
          "\u2260 \u226e \u037e \u1fef \u2000 x\u2260y",
          "$1,234.56 + 7% = `x` ^ ~ | < > \u20ac \u00a3 \u00ac \u2212 \u00b7 \u3002 \uff01 \u05be",
          "##ab ab## # ## [UNK] [PAD] [CLS] [SEP] [MASK] [mask] [MAS\u0000K]",
          "a[MASK]b[[MASK]] [MASK[MASK] [MASK]\u0301 \u0301[SEP]\u0301a [MASK",
          "[PAD][UNK][CLS]",
          "[",
          "[MASK]");

  static List<Checked> checked() {
    List<Checked> all = new ArrayList<>();
    for (boolean lowerCase : new boolean[] {true, false}) {
      for (boolean recognizes : new boolean[] {true, false}) {
        all.add(new Checked("small", SmallVocabulary.of(), lowerCase, recognizes));
        String file = System.getProperty("tiedbert.test.vocabulary");
        if (file != null) {
          all.add(new Checked(file, Vocabulary.read(Path.of(file)), lowerCase, recognizes));
        }
      }
    }
    return all;
  }

  record Checked(String name, Vocabulary vocabulary, boolean lowerCase, boolean recognizes) {
    @Override
    public String toString() {
      return "%s, %s%s"
          .formatted(name, lowerCase ? "uncased" : "cased", recognizes ? ", special tokens" : "");
    }

    BertTokenizer reference() {
      return recognizes
          ? BertTokenizer.recognizingSpecialTokens(vocabulary, lowerCase)
          : new BertTokenizer(vocabulary, lowerCase);
    }

    TokenizerSession session() {
      return new TokenizerSession(new GraphTokenizer(vocabulary, lowerCase, recognizes, LONG));
    }

    void assertEqualOver(List<String> texts) {
      try (BertTokenizer reference = reference();
          TokenizerSession session = session()) {
        assertEqualOver(session, reference, texts, 64);
      }
    }

    static void assertEqualOver(
        TokenizerSession session, BertTokenizer reference, List<String> texts, int batchSize) {
      for (int from = 0; from < texts.size(); from += batchSize) {
        List<String> batch = texts.subList(from, Math.min(from + batchSize, texts.size()));
        Rows rows = session.rows(batch);
        for (int i = 0; i < batch.size(); i++) {
          assertThat(rows.ids(i))
              .as(() -> "ids of a text")
              .withFailMessage(failure(batch.get(i), reference, rows.ids(i)))
              .isEqualTo(reference.encode(batch.get(i)));
        }
      }
    }

    private static String failure(String text, BertTokenizer reference, int[] ids) {
      String shown =
          text.codePoints().limit(300).mapToObj("%x"::formatted).collect(Collectors.joining(" "));
      return "%s (%s)\nexpected %s\ngot      %s"
          .formatted(text, shown, Arrays.toString(reference.encode(text)), Arrays.toString(ids));
    }
  }

  @ParameterizedTest
  @MethodSource("checked")
  void equalsTheReferenceOverTextsOfAllKinds(Checked checked) {
    checked.assertEqualOver(TEXTS);
  }

  @ParameterizedTest
  @MethodSource("checked")
  void equalsTheReferenceOverRandomMixes(Checked checked) {
    checked.assertEqualOver(RandomTexts.of(checked.vocabulary(), new Random(7), 3000));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void equalsTheReferenceOverEveryCodePointAloneAndInAWord(boolean lowerCase) {
    // given: a vocabulary that tells nearly all characters apart
    Checked checked = new Checked("every character", everyCharacter(), lowerCase, false);
    List<String> texts = new ArrayList<>();
    StringBuilder alone = new StringBuilder();
    StringBuilder inWords = new StringBuilder();
    int number = 0;
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      boolean hasCharacters = codePoint < 0x40000 || codePoint >> 16 == 14;
      if (Character.getType(codePoint) == Character.SURROGATE
          || !(hasCharacters || codePoint % 251 == 0 || (codePoint & 0xffff) >= 0xfffe)) {
        continue;
      }
      alone.appendCodePoint(codePoint).append(' ');
      inWords.append('a').appendCodePoint(codePoint).append("b ");
      if (++number % 128 == 0 || codePoint == Character.MAX_CODE_POINT) {
        texts.addAll(List.of(alone.toString(), inWords.toString()));
        alone.setLength(0);
        inWords.setLength(0);
      }
    }
    // then
    checked.assertEqualOver(texts);
  }

  @ParameterizedTest
  @MethodSource("checked")
  void makesUnknownOfWordsOverAHundredCharactersAsTheReferenceDoes(Checked checked) {
    // given: words of letters, of some that fall apart or go, of all that count as one
    List<String> texts = new ArrayList<>();
    for (int length : new int[] {1, 33, 34, 49, 50, 51, 99, 100, 101, 127, 128, 129, 200, 400}) {
      for (String part :
          List.of(
              "a", "b", "ab", "\u00e9", "e\u0301", "\uac01", "\ud83d\ude00", "the", "a\u200b")) {
        texts.add(part.repeat(length));
        texts.add("the " + part.repeat(length) + ".ab " + part.repeat(length) + "!");
      }
    }
    // then
    checked.assertEqualOver(texts);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dropsBytesThatAreNotText(boolean recognizes) {
    // given: what a decoder puts in their place is dropped too
    Checked checked = new Checked("small", SmallVocabulary.of(), true, recognizes);
    Random random = new Random(11);
    List<byte[]> texts = new ArrayList<>();
    for (byte[] bytes :
        List.of(
            new byte[] {'a', (byte) 0x80, 'b'},
            new byte[] {(byte) 0xe2, (byte) 0x82},
            new byte[] {'a', (byte) 0xc0, (byte) 0x80, 'b', (byte) 0xff},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, 'a'},
            new byte[] {'[', 'M', 'A', 'S', 'K', (byte) 0xf4, ']', (byte) 0xf0})) {
      texts.add(bytes);
    }
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = RandomTexts.of(checked.vocabulary(), random, 1).get(0).getBytes(UTF_8);
      for (int j = 0; j < bytes.length; j += 1 + random.nextInt(9)) {
        bytes[j] = (byte) random.nextInt(256);
      }
      texts.add(bytes);
    }
    try (BertTokenizer reference = checked.reference();
        TokenizerSession session = checked.session()) {
      // when
      Rows rows = session.rowsOfBytes(texts);
      // then
      for (int i = 0; i < texts.size(); i++) {
        assertThat(rows.ids(i)).isEqualTo(reference.encode(new String(texts.get(i), UTF_8)));
      }
    }
  }

  @Test
  void fillsRowsUpWithPadding() {
    try (TokenizerSession session =
        new TokenizerSession(new GraphTokenizer(TinyModel.VOCABULARY, true, false, 8))) {
      // when: [UNK] 0, [PAD] 1, [CLS] 2, [SEP] 3, the 5, sea 6, is 7, cold 8
      Rows rows = session.rows(List.of("The sea", "", "cold"));
      // then
      assertThat(rows.inputIds())
          .isDeepEqualTo(new int[][] {{2, 5, 6, 3}, {2, 3, 1, 1}, {2, 8, 3, 1}});
      assertThat(rows.attentionMask())
          .isDeepEqualTo(new int[][] {{1, 1, 1, 1}, {1, 1, 0, 0}, {1, 1, 1, 0}});
      assertThat(rows.tokenTypeIds()).isDeepEqualTo(new int[3][4]);
      // when
      Rows pairs = session.rows(List.of("The sea", "", "", "the"), List.of("cold", "is", "", ""));
      // then
      assertThat(pairs.inputIds())
          .isDeepEqualTo(
              new int[][] {
                {2, 5, 6, 3, 8, 3}, {2, 3, 7, 3, 1, 1}, {2, 3, 3, 1, 1, 1}, {2, 5, 3, 3, 1, 1}
              });
      assertThat(pairs.attentionMask())
          .isDeepEqualTo(
              new int[][] {
                {1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 0, 0}, {1, 1, 1, 0, 0, 0}, {1, 1, 1, 1, 0, 0}
              });
      assertThat(pairs.tokenTypeIds())
          .isDeepEqualTo(
              new int[][] {
                {0, 0, 0, 0, 1, 1}, {0, 0, 1, 1, 0, 0}, {0, 0, 1, 0, 0, 0}, {0, 0, 0, 1, 0, 0}
              });
    }
  }

  @Test
  void takesABatchWithoutTexts() {
    try (TokenizerSession session =
        new TokenizerSession(new GraphTokenizer(TinyModel.VOCABULARY, true, true, 8))) {
      assertThat(session.rows(List.of()).inputIds()).isEmpty();
      assertThat(session.rows(List.of(), List.of()).tokenTypeIds()).isEmpty();
    }
  }

  @Test
  void cutsAsTheReferenceDoes() {
    // given
    String letters = "the ".repeat(12);
    for (int maxSeqLength : new int[] {3, 4, 5, 8, 9, 16}) {
      try (HuggingFaceRows reference = new HuggingFaceRows(TinyModel.VOCABULARY, maxSeqLength);
          TokenizerSession session =
              new TokenizerSession(
                  new GraphTokenizer(TinyModel.VOCABULARY, true, false, maxSeqLength))) {
        List<String> texts = new ArrayList<>();
        List<String> pairs = new ArrayList<>();
        for (int a = 0; a <= 12; a++) {
          for (int b = 0; b <= 12; b++) {
            texts.add(letters.substring(0, 4 * a));
            pairs.add("cold ".repeat(b));
          }
        }
        // when, then
        assertThat(session.rows(texts)).usingRecursiveComparison().isEqualTo(reference.rows(texts));
        assertThat(session.rows(texts, pairs))
            .usingRecursiveComparison()
            .isEqualTo(reference.rows(texts, pairs));
      }
    }
  }

  @Test
  void takesOneVeryLongTextAmongShortOnes() {
    // given: 2 million characters; a row for each text as long would be 64 times as much
    List<String> texts = new ArrayList<>(Collections.nCopies(63, "the sea"));
    texts.add("the colds ".repeat(200_000));
    try (TokenizerSession session =
        new TokenizerSession(new GraphTokenizer(TinyModel.VOCABULARY, true, true, 24))) {
      // when
      Rows rows = session.rows(texts);
      // then: the 5, cold 8, ##s 11, sea 6
      assertThat(rows.ids(63)).hasSize(22).startsWith(5, 8, 11, 5).endsWith(11, 5);
      assertThat(rows.ids(0)).containsExactly(5, 6);
    }
  }

  @Test
  void isOfCoreOperationsOnTheCpuWithItsConstantsOnce() {
    // given
    GraphTokenizer tokenizer = new GraphTokenizer(SmallVocabulary.of(), true, false, 24);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TString> text = tf.placeholder(TString.class);
      // when
      tokenizer.apply(tf, text);
      int once = graph.toGraphDef().getSerializedSize();
      tokenizer.recognizingSpecialTokens(true).apply(tf, text, text);
      // then
      GraphDef definition = graph.toGraphDef();
      assertThat(definition.getSerializedSize()).isLessThan(once * 3 / 2);
      assertThat(definition.getNodeList())
          .filteredOn(node -> !node.getOp().equals("Placeholder"))
          .extracting(NodeDef::getDevice)
          .containsOnly("/device:CPU:0");
      assertThat(definition.getNodeList())
          .extracting(NodeDef::getOp)
          .noneMatch(op -> op.matches(".*(Regex|Table|While|If|Py|Var|Assert|Sentencepiece).*"));
      assertThat(definition.getLibrary().getFunctionCount()).isZero();
    }
  }

  @Test
  void refusesRowsWithoutRoomForTwoTexts() {
    assertThatThrownBy(() -> new GraphTokenizer(TinyModel.VOCABULARY, true, false, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxSeqLength must leave room for [CLS] and two [SEP], got 2");
  }

  @Test
  void refusesTextsAndPairsOfDifferentNumber() {
    try (TokenizerSession session =
        new TokenizerSession(new GraphTokenizer(TinyModel.VOCABULARY, true, false, 8))) {
      assertThatThrownBy(() -> session.rows(List.of("the"), List.of("sea", "is")))
          .isInstanceOf(TFInvalidArgumentException.class)
          .hasMessageContaining("Shapes of all inputs must match");
    }
  }

  private static Vocabulary everyCharacter() {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    for (int codePoint = 0x21; codePoint < 0x20000; codePoint++) {
      boolean line =
          switch (Character.getType(codePoint)) {
            case Character.SURROGATE, Character.CONTROL, Character.PRIVATE_USE -> false;
            default ->
                !Character.UnicodeScript.of(codePoint).name().equals("HANGUL")
                    || codePoint < 0xac00;
          };
      if (line) {
        tokens.add(Character.toString(codePoint));
        if (!Character.isIdeographic(codePoint)) {
          tokens.add("##" + Character.toString(codePoint));
        }
      }
    }
    return Vocabulary.of(tokens);
  }
}
