package org.tiedbert.export;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.train.NativeMemory;

/**
 * A server may load models for as long as it likes; {@code -Dtiedbert.soak=100} does 1,000 times.
 */
class SavedModelMemoryTest {
  private static final int NUM_LOADS = 10 * Integer.getInteger("tiedbert.soak", 1);

  @TempDir Path folder;

  @Test
  void loadsLeaveNothingBehind() {
    Path run = folder.resolve("run");
    TinyModel.writeRun(run, 30);
    Path exported = folder.resolve("export");
    new SavedModelExport(TinyModel.open(run)).write(exported);
    NativeMemory.assertFlat(
        () -> {
          try (SavedModelEncoder encoder = SavedModelEncoder.load(exported)) {
            encoder.embed(List.of("the sea"));
          }
        },
        NUM_LOADS,
        256L << 20);
  }
}
