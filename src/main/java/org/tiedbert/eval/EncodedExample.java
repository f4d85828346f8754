package org.tiedbert.eval;

import java.util.Arrays;

/**
 * The token ids of an example, a row for each of its inputs.
 *
 * @param inputIds ids of each row, special tokens included, without padding
 * @param numFirst for each row how many of its tokens are of segment 0
 * @param target NaN where there is none
 */
record EncodedExample(int[][] inputIds, int[] numFirst, double target) {
  /** Tokens of the longest row. */
  int length() {
    return Arrays.stream(inputIds).mapToInt(row -> row.length).max().orElseThrow();
  }
}
