package org.tiedbert.eval;

import java.util.Arrays;
import java.util.List;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.Vocabulary;

/**
 * Texts into {@code [CLS] a [SEP]} or {@code [CLS] a [SEP] b [SEP]} (Devlin et al. 2018, figure 1),
 * cut to a length: of a pair the longer one loses its last token, again and again, as in
 * google-research/bert.
 */
final class ExampleEncoder implements AutoCloseable {
  private final BertTokenizer tokenizer;
  private final int maxSeqLength;

  /**
   * @param maxSeqLength tokens of a row, special ones included
   */
  ExampleEncoder(Vocabulary vocabulary, boolean lowerCase, int maxSeqLength) {
    this.tokenizer = new BertTokenizer(vocabulary, lowerCase);
    this.maxSeqLength = maxSeqLength;
  }

  List<EncodedExample> encode(List<Example> examples) {
    return examples.stream().map(this::encode).toList();
  }

  private EncodedExample encode(Example example) {
    int numRows = example.inputs().size();
    int[][] inputIds = new int[numRows][];
    int[] numFirst = new int[numRows];
    for (int row = 0; row < numRows; row++) {
      TextPair input = example.inputs().get(row);
      int[] first = tokenizer.encode(input.first());
      if (input.second().isEmpty()) {
        numFirst[row] = Math.min(first.length, maxSeqLength - 2) + 2;
        inputIds[row] = single(first, numFirst[row]);
      } else {
        int[] second = tokenizer.encode(input.second().get());
        int kept = keptOfFirst(first.length, second.length, maxSeqLength - 3);
        numFirst[row] = kept + 2;
        inputIds[row] = pair(first, kept, second);
      }
    }
    return new EncodedExample(inputIds, numFirst, example.target().orElse(Double.NaN));
  }

  /**
   * How many tokens of the first text stay where a pair has room for so many; as many as there is
   * room for beside the second one, or all.
   */
  static int keptOfFirst(int first, int second, int room) {
    int a = first;
    int b = second;
    while (a + b > room) {
      if (a > b) {
        a--;
      } else {
        b--;
      }
    }
    return a;
  }

  private int[] single(int[] text, int length) {
    int[] ids = new int[length];
    ids[0] = tokenizer.vocabulary().clsId();
    System.arraycopy(text, 0, ids, 1, length - 2);
    ids[length - 1] = tokenizer.vocabulary().sepId();
    return ids;
  }

  private int[] pair(int[] first, int keptOfFirst, int[] second) {
    int keptOfSecond = Math.min(second.length, maxSeqLength - 3 - keptOfFirst);
    int[] ids = Arrays.copyOf(single(first, keptOfFirst + 2), keptOfFirst + keptOfSecond + 3);
    System.arraycopy(second, 0, ids, keptOfFirst + 2, keptOfSecond);
    ids[ids.length - 1] = tokenizer.vocabulary().sepId();
    return ids;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
