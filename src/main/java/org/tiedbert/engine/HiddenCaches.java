package org.tiedbert.engine;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

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

  /** A function of the library by which the place where it is loaded is found. */
  private static final String FUNCTION = "TF_Version";

  /** {@code dnnl::impl::cpu::x64::cpu()::cpu_}, an {@code Xbyak::util::Cpu}. */
  private static final String CPU = "_ZZN4dnnl4impl3cpu3x643cpuEvE4cpu_";

  /** Of the product that has oneDNN look. */
  private static final int SIDE = 16;

  /** Where in it, in numbers of four bytes: sizes of up to ten levels, who shares each, levels. */
  private static final int SIZES = 0x1c / 4;

  private static final int SHARED_BY = 0x44 / 4;
  private static final int LEVELS = 0x6c / 4;

  /** What oneDNN assumes of levels 1 to 3 where a processor tells nothing, in bytes. */
  private static final int[] ASSUMED = {32 << 10, 512 << 10, 1 << 20};

  private static boolean isDone;

  private HiddenCaches() {}

  /** Does it, the first time. */
  static synchronized void mend() {
    if (isDone) {
      return;
    }
    isDone = true;
    try {
      if (areHidden()) {
        haveOneDnnLook();
        cpu().ifPresent(HiddenCaches::mend);
      }
    } catch (IOException | RuntimeException e) {
      System.getLogger(HiddenCaches.class.getName())
          .log(System.Logger.Level.DEBUG, "what oneDNN knows of the caches stays as it is", e);
    }
  }

  /** Whether this is Linux on an AMD processor whose caches the kernel does not know either. */
  private static boolean areHidden() {
    return System.getProperty("os.arch").equals("amd64")
        && Environment.field(Environment.CPU_INFO, "vendor_id")
            .filter("AuthenticAMD"::equals)
            .isPresent()
        && Files.notExists(CACHES_OF_LINUX);
  }

  /** oneDNN looks at the processor at its first product, which must not be folded to a constant. */
  static void haveOneDnnLook() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> fed =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(SIDE, SIDE)));
      Operand<TBfloat16> factor = tf.dtypes.cast(fed, TBfloat16.class);
      Operand<TBfloat16> product = tf.linalg.matMul(factor, factor);
      try (Session session = new Session(graph);
          TFloat32 zeros = TFloat32.tensorOf(Shape.of(SIDE, SIDE))) {
        session.runner().feed(fed, zeros).addTarget(product.op()).run().close();
      }
    }
  }

  /**
   * The record of the processor in the library that this process has loaded.
   *
   * @return empty where the library does not name it
   */
  static Optional<IntPointer> cpu() throws IOException {
    long function;
    try (Pointer loaded = Loader.addressof(FUNCTION)) {
      function = loaded.address();
    }
    Path library = libraryAt(function);
    OptionalLong there = ElfSymbols.address(library, FUNCTION);
    OptionalLong record = ElfSymbols.address(library, CPU);
    return there.isPresent() && record.isPresent()
        ? Optional.of(new Numbers(function - there.getAsLong() + record.getAsLong()))
        : Optional.empty();
  }

  private static Path libraryAt(long address) throws IOException {
    for (String mapping : Files.readAllLines(MAPPINGS)) {
      List<String> range = Splitter.onPattern("[- ]").limit(3).splitToList(mapping);
      if (Long.parseUnsignedLong(range.get(0), 16) <= address
          && address < Long.parseUnsignedLong(range.get(1), 16)) {
        return Path.of(mapping.substring(mapping.indexOf('/')));
      }
    }
    throw new IOException("nothing is mapped at " + address);
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
