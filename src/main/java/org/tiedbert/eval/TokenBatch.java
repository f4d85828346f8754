package org.tiedbert.eval;

import java.util.Arrays;
import java.util.List;

/**
 * Rows of like length, padded. Dimensions: E examples, I inputs of each, R = E·I rows (row =
 * example·I + input), S tokens.
 *
 * @param length S, a multiple of {@value #MULTIPLE}
 * @param inputIds [R·S]
 * @param segmentIds [R·S]
 * @param targets [E]
 */
record TokenBatch(int numRows, int length, int[] inputIds, int[] segmentIds, float[] targets) {
  /** Lengths are rounded up, so that there are few different shapes. */
  private static final int MULTIPLE = 8;

  /**
   * @param padId token that fills the rows up
   * @param maxSeqLength that no row is padded beyond
   */
  static TokenBatch of(List<EncodedExample> all, int[] chosen, int padId, int maxSeqLength) {
    int longest = 1;
    int numRows = 0;
    for (int example : chosen) {
      longest = Math.max(longest, all.get(example).length());
      numRows += all.get(example).inputIds().length;
    }
    int length = Math.min(maxSeqLength, (longest + MULTIPLE - 1) / MULTIPLE * MULTIPLE);
    int[] inputIds = new int[numRows * length];
    Arrays.fill(inputIds, padId);
    int[] segmentIds = new int[inputIds.length];
    float[] targets = new float[chosen.length];
    int row = 0;
    for (int i = 0; i < chosen.length; i++) {
      EncodedExample example = all.get(chosen[i]);
      targets[i] = (float) example.target();
      for (int input = 0; input < example.inputIds().length; input++, row++) {
        int[] ids = example.inputIds()[input];
        System.arraycopy(ids, 0, inputIds, row * length, ids.length);
        Arrays.fill(
            segmentIds, row * length + example.numFirst()[input], row * length + ids.length, 1);
      }
    }
    return new TokenBatch(numRows, length, inputIds, segmentIds, targets);
  }
}
