package org.tiedbert.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;

/**
 * Mends what oneDNN takes the caches of an AMD processor for, where a virtual machine hides them.
 *
 * <p>oneDNN plans its matrix products by the sizes of the caches. On AMD it asks CPUID leaf
 * 0x8000001D for them, and the version in TensorFlow 2.18 (3.5) does not see that a virtual machine
 * may leave that leaf empty: it reads each cache as one byte, and then multiplies one row at a
 * time, at a third of the speed in bfloat16 (measured on two cores of Zen 5: 200 GFLOP/s of 670).
 * Where exactly that was read, and nowhere else, the sizes are set to those that oneDNN itself
 * assumes of a processor that does not tell. Later versions of oneDNN need no help.
 */
final class HiddenCaches {
  private static final Path CACHES_OF_LINUX = Path.of("/sys/devices/system/cpu/cpu0/cache/index0");
  private static final Path MAPPINGS = Path.of("/proc/self/maps");
  private static final String LIBRARY = "/libtensorflow_cc.so";

  /** {@code dnnl::impl::cpu::x64::cpu()::cpu_}, an {@code Xbyak::util::Cpu}. */
  private static final String CPU = "_ZZN4dnnl4impl3cpu3x643cpuEvE4cpu_";

  /** Where in it, in numbers of four bytes: sizes of up to ten levels, who shares each, levels. */
  private static final int SIZES = 0x1c / 4;

  private static final int SHARED_BY = 0x44 / 4;
  private static final int LEVELS = 0x6c / 4;

  /** What oneDNN assumes of levels 1 to 3 where a processor tells nothing, in bytes. */
  private static final int[] ASSUMED = {32 << 10, 512 << 10, 1 << 20};

  static {
    mendIfHidden();
  }

  private HiddenCaches() {}

  /** Does it, the first time. */
  static void mend() {}

  private static void mendIfHidden() {
    if (!hidden()) {
      return;
    }
    try {
      readByOneDnn();
      address().ifPresent(address -> mend(new Numbers(address)));
    } catch (IOException | RuntimeException e) {
      System.getLogger(HiddenCaches.class.getName())
          .log(System.Logger.Level.DEBUG, "what oneDNN knows of the caches stays as it is", e);
    }
  }

  /** Whether this is Linux on an AMD processor whose caches the kernel does not know either. */
  private static boolean hidden() {
    return System.getProperty("os.arch").equals("amd64")
        && Environment.field(Environment.CPU_INFO, "vendor_id")
            .filter("AuthenticAMD"::equals)
            .isPresent()
        && Files.notExists(CACHES_OF_LINUX);
  }

  /** oneDNN looks at the processor at its first product. */
  private static void readByOneDnn() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TBfloat16> ones =
          tf.fill(tf.array(16, 16), tf.dtypes.cast(tf.constant(1f), TBfloat16.class));
      Operand<TBfloat16> product = tf.linalg.matMul(ones, ones);
      try (Session session = new Session(graph)) {
        session.runner().addTarget(product.op()).run().close();
      }
    }
  }

  private static OptionalLong address() throws IOException {
    for (String mapping : Files.readAllLines(MAPPINGS)) {
      int path = mapping.indexOf('/');
      if (path >= 0 && mapping.contains(LIBRARY)) {
        long start = Long.parseUnsignedLong(mapping.substring(0, mapping.indexOf('-')), 16);
        OptionalLong symbol = ElfSymbols.address(Path.of(mapping.substring(path)), CPU);
        return symbol.isPresent()
            ? OptionalLong.of(start + symbol.getAsLong())
            : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  /** Sets the sizes if they are the ones that an empty leaf gives. */
  static void mend(IntPointer cpu) {
    boolean empty = cpu.get(LEVELS) == ASSUMED.length;
    for (int level = 0; level < ASSUMED.length; level++) {
      empty &= cpu.get(SIZES + level) == 1 && cpu.get(SHARED_BY + level) == 1;
    }
    for (int level = 0; empty && level < ASSUMED.length; level++) {
      cpu.put(SIZES + level, ASSUMED[level]);
    }
  }

  /** Memory that belongs to the library. */
  private static final class Numbers extends IntPointer {
    Numbers(long address) {
      super((Pointer) null);
      this.address = address;
    }
  }
}
