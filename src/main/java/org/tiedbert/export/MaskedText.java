package org.tiedbert.export;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/** A text with masks, and what a model puts in the place of each. */
final class MaskedText {
  private static final String CONTINUATION = "##";

  private final String text;
  private final Vocabulary vocabulary;
  private final String mask;
  private final List<Integer> starts = new ArrayList<>();

  /**
   * @throws InputException if there is no mask in it
   */
  MaskedText(String text, Vocabulary vocabulary) {
    this.text = text;
    this.vocabulary = vocabulary;
    this.mask = vocabulary.token(vocabulary.maskId());
    for (int at = text.indexOf(mask); at >= 0; at = text.indexOf(mask, at + mask.length())) {
      starts.add(at);
    }
    if (starts.isEmpty()) {
      throw new InputException(
          "a text must hold %s where the model is to fill in a word, got '%s'"
              .formatted(mask, text));
    }
  }

  int numMasks() {
    return starts.size();
  }

  /**
   * The tokens of greatest probability, softmax(logits), the best first.
   *
   * @param logits of the whole vocabulary in this mask's place
   */
  List<Prediction> predictions(int mask, float[] logits, int topK) {
    List<Integer> best =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble(id -> -logits[id]))
            .limit(topK)
            .toList();
    double max = logits[best.get(0)];
    double sum =
        IntStream.range(0, logits.length).mapToDouble(id -> Math.exp(logits[id] - max)).sum();
    return best.stream()
        .map(id -> prediction(mask, vocabulary.token(id), Math.exp(logits[id] - max) / sum))
        .toList();
  }

  private Prediction prediction(int mask, String token, double probability) {
    return new Prediction(token, probability, filled(mask, token));
  }

  private String filled(int index, String token) {
    String before = text.substring(0, starts.get(index));
    String after = text.substring(starts.get(index) + mask.length());
    return token.startsWith(CONTINUATION)
        ? before.stripTrailing() + token.substring(CONTINUATION.length()) + after
        : before + token + after;
  }
}
