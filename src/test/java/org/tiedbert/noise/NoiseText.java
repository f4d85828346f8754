package org.tiedbert.noise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A small vocabulary with its special tokens in odd places, and random sequences over it. */
final class NoiseText {
  static final int UNK = 2;
  static final int CLS = 30;
  static final int MASK = 31;
  static final int PAD = 57;
  static final int SEP = 99;
  static final int SIZE = 100;
  static final List<String> TOKENS = tokens();
  static final NoiseVocabulary VOCABULARY = NoiseVocabulary.of(TOKENS);

  private NoiseText() {}

  /** Ids 60 to 98 continue a word. */
  private static List<String> tokens() {
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < SIZE; id++) {
      tokens.add(id >= 60 ? "##piece" + id : "word" + id);
    }
    tokens.set(UNK, "[UNK]");
    tokens.set(CLS, "[CLS]");
    tokens.set(MASK, "[MASK]");
    tokens.set(PAD, "[PAD]");
    tokens.set(SEP, "[SEP]");
    return List.copyOf(tokens);
  }

  static boolean isContinuation(int id) {
    return id >= 60 && id < SEP;
  }

  static boolean isUntouchable(int id) {
    return id == PAD || id == CLS || id == SEP || id == MASK;
  }

  static int numMaskable(int[] ids) {
    return (int) Arrays.stream(ids).filter(id -> !isUntouchable(id)).count();
  }

  /** [CLS] words [SEP] words [SEP] [PAD] …, of all lengths; row 0 is padding, row 1 is full. */
  static int[][] batch(int numRows, int seqLength, long seed) {
    Random random = new Random(seed);
    int[][] batch = new int[numRows][];
    for (int row = 0; row < numRows; row++) {
      int length = row == 0 ? 0 : row == 1 ? seqLength : 3 + random.nextInt(seqLength - 2);
      batch[row] = sequence(length, seqLength, random);
    }
    return batch;
  }

  private static int[] sequence(int length, int seqLength, Random random) {
    int[] ids = new int[seqLength];
    Arrays.fill(ids, PAD);
    for (int i = 0; i < length; i++) {
      ids[i] = i == 0 ? CLS : i == length / 2 || i == length - 1 ? SEP : token(random);
    }
    return ids;
  }

  private static int token(Random random) {
    while (true) {
      int id = random.nextInt(10) < 7 ? random.nextInt(60) : 60 + random.nextInt(39);
      if (!isUntouchable(id)) {
        return id;
      }
    }
  }
}
