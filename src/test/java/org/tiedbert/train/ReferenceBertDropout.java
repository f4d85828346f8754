package org.tiedbert.train;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * Inverted dropout with the masks that the model's must have: element e of row r in the stream's
 * Philox4x32-10 numbers (Salmon et al. 2011), sixteen bits an element, kept where these are at
 * least prob · 2¹⁶.
 *
 * @param active false drops nothing
 */
record ReferenceBertDropout(boolean active, long seed, long step) {
  private static final int ELEMENTS_PER_GROUP = 8;

  static ReferenceBertDropout none() {
    return new ReferenceBertDropout(false, 0, 0);
  }

  double[][] apply(double prob, String stream, long row, double[][] x) {
    if (!active || prob == 0) {
      return x;
    }
    long threshold = Math.round(prob * 65536);
    double scale = 65536.0 / (65536 - threshold);
    int columns = x[0].length;
    int elements = x.length * columns;
    long firstGroup = row * ((elements + ELEMENTS_PER_GROUP - 1) / ELEMENTS_PER_GROUP);
    long key = key(stream);
    double[][] dropped = new double[x.length][columns];
    int[] group = {};
    for (int e = 0; e < elements; e++) {
      if (e % ELEMENTS_PER_GROUP == 0) {
        group = philox(firstGroup + e / ELEMENTS_PER_GROUP, step, key);
      }
      int word = group[e % ELEMENTS_PER_GROUP / 2];
      int bits = e % 2 == 0 ? word & 0xffff : word >>> 16;
      double value = x[e / columns][e % columns];
      dropped[e / columns][e % columns] = bits >= threshold ? value * scale : 0;
    }
    return dropped;
  }

  private long key(String stream) {
    return Hashing.murmur3_128()
        .newHasher()
        .putLong(seed)
        .putString(stream, StandardCharsets.UTF_8)
        .hash()
        .asLong();
  }

  /** Ten rounds; the counter is (low, high), the key its two halves, low half first. */
  private static int[] philox(long low, long high, long key) {
    int[] x = {(int) low, (int) (low >>> 32), (int) high, (int) (high >>> 32)};
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    for (int round = 0; round < 10; round++) {
      long product0 = 0xd2511f53L * Integer.toUnsignedLong(x[0]);
      long product1 = 0xcd9e8d57L * Integer.toUnsignedLong(x[2]);
      x =
          new int[] {
            (int) (product1 >>> 32) ^ x[1] ^ (key0 + round * 0x9e3779b9),
            (int) product1,
            (int) (product0 >>> 32) ^ x[3] ^ (key1 + round * 0xbb67ae85),
            (int) product0
          };
    }
    return x;
  }
}
