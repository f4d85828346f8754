package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.IntPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class HiddenCachesTest {
  /** Where oneDNN's record of the processor has sizes, who shares them, and how many they are. */
  private static final int SIZES = 7;

  private static final int SHARED_BY = 17;
  private static final int LEVELS = 27;
  private static final List<Integer> ASSUMED = List.of(32_768, 524_288, 1_048_576);

  @Test
  void sizesReadFromAnEmptyLeafBecomeWhatOneDnnAssumesOfProcessorsThatDoNotTell() {
    try (IntPointer cpu = cpu(3, new int[] {1, 1, 1}, new int[] {1, 1, 1})) {
      // when
      HiddenCaches.mend(cpu);
      // then
      assertThat(sizes(cpu)).containsExactly(32_768, 524_288, 1_048_576);
      assertThat(cpu.get(SHARED_BY)).isEqualTo(1);
      assertThat(cpu.get(LEVELS)).isEqualTo(3);
    }
  }

  @Test
  void whatAProcessorTellsStays() {
    requireUntouched(3, new int[] {49_152, 1 << 20, 32 << 20}, new int[] {1, 1, 8});
    requireUntouched(3, new int[] {1, 1, 2}, new int[] {1, 1, 1});
    requireUntouched(3, new int[] {1, 1, 1}, new int[] {1, 1, 2});
    requireUntouched(2, new int[] {1, 1, 1}, new int[] {1, 1, 1});
    requireUntouched(0, new int[] {0, 0, 0}, new int[] {0, 0, 0});
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void theRecordInTheLibraryHoldsSizesOfCaches() throws IOException {
    // given
    HiddenCaches.mend();
    HiddenCaches.haveOneDnnLook();
    // when
    IntPointer cpu = HiddenCaches.cpu().orElseThrow();
    // then
    List<Integer> told = sizesOfLinux();
    assertThat(cpu.get(LEVELS)).isBetween(2, 4);
    for (int level = 0; level < 2; level++) { // the third may be shared with other machines
      assertThat(cpu.get(SIZES + level))
          .isEqualTo(told.isEmpty() ? ASSUMED.get(level) : told.get(level));
      assertThat(cpu.get(SHARED_BY + level)).isBetween(1, 8);
    }
  }

  /** Of the first processor's caches, in bytes by level, but those of instructions. */
  private static List<Integer> sizesOfLinux() throws IOException {
    List<Integer> sizes = new ArrayList<>();
    for (int index = 0; index < 3; index++) {
      Path cache = Path.of("/sys/devices/system/cpu/cpu0/cache/index" + index);
      if (Files.exists(cache)
          && !Files.readString(cache.resolve("type")).startsWith("Instruction")) {
        String size = Files.readString(cache.resolve("size")).strip();
        assertThat(size).endsWith("K");
        sizes.add(1024 * Integer.parseInt(size.substring(0, size.length() - 1)));
      }
    }
    return sizes;
  }

  private static void requireUntouched(int levels, int[] sizes, int[] sharedBy) {
    try (IntPointer cpu = cpu(levels, sizes, sharedBy)) {
      // when
      HiddenCaches.mend(cpu);
      // then
      assertThat(sizes(cpu)).containsExactly(sizes);
    }
  }

  private static IntPointer cpu(int levels, int[] sizes, int[] sharedBy) {
    int[] numbers = new int[30];
    System.arraycopy(sizes, 0, numbers, SIZES, 3);
    System.arraycopy(sharedBy, 0, numbers, SHARED_BY, 3);
    numbers[LEVELS] = levels;
    return new IntPointer(numbers);
  }

  private static int[] sizes(IntPointer cpu) {
    return new int[] {cpu.get(SIZES), cpu.get(SIZES + 1), cpu.get(SIZES + 2)};
  }
}
