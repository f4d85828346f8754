package org.tiedbert.train;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.List;
import org.tiedbert.cluster.Workers;

/**
 * Whether all workers have the same variables, bit for bit, at the end of a stage. They compute the
 * same update from the same sums, so they have, unless their processors or numbers of threads
 * differ; what comes of that is harmless, since every stage begins with the chief's variables, but
 * should be known.
 */
final class Agreement {
  private static final long DOUBLE_INTEGERS = (1L << 53) - 1;

  private Agreement() {}

  static void check(Workers workers, StageSession session, Progress progress) {
    if (workers.count() == 1) {
      return;
    }
    double[] own = new double[workers.count()];
    own[workers.index()] = digest(session);
    double[] all = workers.sum(own);
    List<Integer> others = new ArrayList<>();
    for (int worker = 1; worker < all.length; worker++) {
      if (all[worker] != all[0]) {
        others.add(worker);
      }
    }
    progress.note(
        others.isEmpty()
            ? "all %d workers have the same parameters, bit for bit".formatted(all.length)
            : "the parameters of workers %s differ in their last bits from the chief's, whose they take now"
                .formatted(others));
  }

  /** 53 bits of it, which a double holds. */
  private static double digest(StageSession session) {
    Hasher hasher = Hashing.murmur3_128().newHasher();
    session
        .values()
        .forEach(
            values -> {
              for (float value : values) {
                hasher.putInt(Float.floatToRawIntBits(value));
              }
            });
    return hasher.hash().asLong() & DOUBLE_INTEGERS;
  }
}
