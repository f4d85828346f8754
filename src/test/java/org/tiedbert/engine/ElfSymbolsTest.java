package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  void symbolsAreAsFarFromEachOtherAsTheLinkerLoadedThem() throws IOException {
    // given
    TensorFlow.version();
    Path library =
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
            .filter(mapping -> mapping.contains("/libtensorflow_cc.so"))
            .map(mapping -> Path.of(mapping.substring(mapping.indexOf('/'))))
            .findFirst()
            .orElseThrow();
    // when
    long version = ElfSymbols.address(library, "TF_Version").orElseThrow();
    long newGraph = ElfSymbols.address(library, "TF_NewGraph").orElseThrow();
    // then
    try (Pointer versionLoaded = Loader.addressof("TF_Version");
        Pointer newGraphLoaded = Loader.addressof("TF_NewGraph")) {
      assertThat(newGraph - version).isEqualTo(newGraphLoaded.address() - versionLoaded.address());
    }
    assertThat(newGraph).isNotEqualTo(version);
    assertThat(ElfSymbols.address(library, "TF_Versio")).isEmpty();
  }

  @Test
  void findsNothingInOtherFiles() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "no library ".repeat(10));
    assertThat(ElfSymbols.address(text, "TF_Version")).isEmpty();
  }
}
