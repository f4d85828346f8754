package org.tiedbert.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileProblemTest {
  @TempDir Path folder;

  private interface Failing {
    void run() throws IOException;
  }

  private static String problem(Failing failing) {
    try {
      failing.run();
    } catch (IOException e) {
      return FileProblem.of(e);
    }
    throw new AssertionError("it did not fail");
  }

  @Test
  void theSystemsRefusalsAreSaidInWords() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path none = folder.resolve("none");
    assertThat(problem(() -> Files.readString(none))).isEqualTo("there is no " + none);
    assertThat(problem(() -> Files.createDirectory(file))).isEqualTo(file + " exists");
    assertThat(problem(() -> Files.list(file))).isEqualTo(file + " is no folder");
    assertThat(problem(() -> Files.delete(folder)))
        .isEqualTo("folder %s is not empty".formatted(folder));
    assertThat(problem(() -> Files.readString(file.resolve("below"))))
        .isEqualTo(file.resolve("below") + ": Not a directory");
    assertThat(FileProblem.of(new AccessDeniedException("/etc/shadow")))
        .isEqualTo("permission to /etc/shadow is denied");
    assertThat(FileProblem.of(new FileSystemException("a", null, "No space left on device")))
        .isEqualTo("a: No space left on device");
  }

  @Test
  void whatHasNoFileKeepsItsMessage() {
    assertThat(FileProblem.of(new UncheckedIOException(new IOException("No space left on device"))))
        .isEqualTo("No space left on device");
    assertThat(FileProblem.of(new EOFException())).isEqualTo("java.io.EOFException");
  }
}
