package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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
    checked.assertEqualOver(RandomTexts.of(checked.vocabulary(), new Random(7), 4000));
  }
}
