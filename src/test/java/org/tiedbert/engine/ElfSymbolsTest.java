package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.TensorFlow;

class ElfSymbolsTest {
  @TempDir Path directory;

  @Test
  @EnabledOnOs(OS.LINUX)
  void findsASymbolWhereTheLinkerLoadedIt() throws IOException {
    // given
    TensorFlow.version();
    List<String> mappings = Files.readAllLines(Path.of("/proc/self/maps"));
    String first =
        mappings.stream()
            .filter(mapping -> mapping.contains("/libtensorflow_cc.so"))
            .findFirst()
            .orElseThrow();
    Path library = Path.of(first.substring(first.indexOf('/')));
    long start = Long.parseUnsignedLong(first.substring(0, first.indexOf('-')), 16);
    // when
    long version = ElfSymbols.address(library, "TF_Version").orElseThrow();
    // then
    try (Pointer loaded = Loader.addressof("TF_Version")) {
      assertThat(start + version).isEqualTo(loaded.address());
    }
    assertThat(ElfSymbols.address(library, "TF_Versio")).isEmpty();
  }

  @Test
  void findsNothingInOtherFiles() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "no library ".repeat(10));
    assertThat(ElfSymbols.address(text, "TF_Version")).isEmpty();
  }
}
