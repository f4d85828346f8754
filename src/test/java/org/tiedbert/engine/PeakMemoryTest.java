package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PeakMemoryTest {
  @TempDir Path folder;

  @Test
  void readsWhatLinuxTells() throws IOException {
    // given
    Path status =
        Files.writeString(
            folder.resolve("status"), "Name:\tjava\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n");
    // then: 2048·1024
    assertThat(PeakMemory.bytes(status)).hasValue(2_097_152);
  }

  @Test
  void isUnknownWhereTheSystemDoesNotTell() throws IOException {
    Path status = Files.writeString(folder.resolve("status"), "VmHWM:\tmuch\n");
    assertThat(PeakMemory.bytes(status)).isEmpty();
    assertThat(PeakMemory.bytes(folder.resolve("none"))).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void isAtLeastWhatIsInUse() {
    // given
    byte[] much = new byte[64 << 20];
    Arrays.fill(much, (byte) 1);
    // then
    assertThat(PeakMemory.bytes().getAsLong()).isBetween((long) much.length, 1L << 40);
  }
}
