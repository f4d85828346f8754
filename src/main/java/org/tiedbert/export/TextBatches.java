package org.tiedbert.export;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.types.TString;

/**
 * Rows of texts in runs of similar length, each bounded in memory, since all rows of a run are
 * padded to the longest. The length that counts is that in bytes of UTF-8: three to five of them
 * are a token.
 */
final class TextBatches {
  /** What is beyond costs next to nothing: a model leaves it out. */
  private static final int MAX_COUNTED_BYTES = 2048;

  /** U+FFFD, for half a surrogate pair, which is no character; tokenizers drop it. */
  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

  private final List<List<byte[]>> columns;

  /**
   * @param columns the texts of each input of a signature, all equally many
   */
  TextBatches(List<List<String>> columns) {
    this.columns =
        columns.stream().map(texts -> texts.stream().map(TextBatches::utf8).toList()).toList();
  }

  /**
   * Every row's index once, the shortest rows first.
   *
   * @param maxBytes rows times the longest of them, unless it is a single one
   */
  List<List<Integer>> runs(int maxBytes) {
    List<Integer> byLength =
        IntStream.range(0, columns.get(0).size())
            .boxed()
            .sorted(Comparator.comparingInt(this::numBytes))
            .toList();
    List<List<Integer>> runs = new ArrayList<>();
    int start = 0;
    for (int end = 1; end <= byLength.size(); end++) {
      if (end == byLength.size() || (end + 1 - start) * numBytes(byLength.get(end)) > maxBytes) {
        runs.add(byLength.subList(start, end));
        start = end;
      }
    }
    return runs;
  }

  /**
   * The texts of some rows.
   *
   * @return one tensor a column, owned by the caller
   */
  List<TString> tensors(List<Integer> rows) {
    return columns.stream()
        .map(
            texts ->
                TString.tensorOfBytes(
                    NdArrays.vectorOfObjects(rows.stream().map(texts::get).toArray(byte[][]::new))))
        .toList();
  }

  private int numBytes(int row) {
    int sum = 2; // [CLS] and [SEP]
    for (List<byte[]> texts : columns) {
      sum += texts.get(row).length;
    }
    return Math.min(sum, MAX_COUNTED_BYTES);
  }

  private static byte[] utf8(String text) {
    try {
      ByteBuffer encoded =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .replaceWith(REPLACEMENT)
              .encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("what has no UTF-8 is replaced", e);
    }
  }
}
