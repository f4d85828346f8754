package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** tools/tiedbert, with a script in the place of Java. */
class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      [ "$1" != -version ] || { echo 'openjdk version "17.0.1"' >&2; exit; }
      echo a result
      echo 'I0000 00:00:1.0 1 noise.cc:1] a line of the log' >&2
      echo a message >&2
      exit 7
      """;

  @TempDir Path folder;

  @BeforeEach
  void makeABuiltRepository() throws IOException {
    Files.createDirectories(folder.resolve("src/main"));
    Files.createFile(folder.resolve("pom.xml"));
    Path target = Files.createDirectory(folder.resolve("target"));
    Files.writeString(target.resolve("tiedbert-build.classpath"), "classes");
    Files.createFile(target.resolve("tiedbert-build"));
    Files.createDirectory(folder.resolve("tools"));
    Files.copy(Path.of("tools/tiedbert"), folder.resolve("tools/tiedbert"));
    Path java = folder.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, JAVA);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void keepsResultsAndMessagesApartAndTheLogAway() throws Exception {
    // when: a pipe, which ends with the filter that outlives the launcher
    String pipe = "tools/tiedbert embed 2>&1 >results | cat >messages; exit ${PIPESTATUS[0]}";
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", pipe).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().remove("TIEDBERT_BUILD_OPTS");
    int status = builder.start().waitFor();
    // then
    assertThat(folder.resolve("results")).hasContent("a result\n");
    assertThat(folder.resolve("messages")).hasContent("a message\n");
    assertThat(status).isEqualTo(7);
  }
}
