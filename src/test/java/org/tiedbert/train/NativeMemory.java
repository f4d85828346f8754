package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;

/** What a process takes of memory while something is done again and again. */
public final class NativeMemory {
  /** Times before anything is measured: allocators and compilers take their share then. */
  private static final int NUM_WARM_UPS = 3;

  private NativeMemory() {}

  /**
   * Requires that no repeat leaves memory behind, nor an object that JavaCPP is to free. What is
   * forgotten, the garbage collector frees at some time, so objects are counted at every repeat: at
   * the end alone their number tells little.
   *
   * @param maxBytes that allocators may keep; many repeats of a leak exceed it
   */
  public static void assertFlat(Runnable repeat, int numRepeats, long maxBytes) {
    for (int i = 0; i < NUM_WARM_UPS + numRepeats / 10; i++) {
      repeat.run();
    }
    long bytes = bytes();
    int numLeaking = 0;
    for (int i = 0; i < numRepeats; i++) {
      long before = Pointer.totalCount();
      repeat.run();
      numLeaking += Pointer.totalCount() > before ? 1 : 0;
    }
    long more = bytes() - bytes;
    if (System.getProperty("tiedbert.soak") != null) {
      System.out.printf(
          "memory: %,d repeats, %,d MiB before, %,d KiB more after, %d left objects behind%n",
          numRepeats, bytes >> 20, more >> 10, numLeaking);
    }
    assertThat(numLeaking)
        .as("repeats that left objects behind")
        .isLessThanOrEqualTo(numRepeats / 10);
    assertThat(more).as("bytes left behind").isLessThan(maxBytes);
  }

  /** Beside the heap, which grows and shrinks as it likes. */
  private static long bytes() {
    System.gc();
    return Pointer.physicalBytes() - Runtime.getRuntime().totalMemory();
  }
}
