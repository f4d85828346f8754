package org.tiedbert.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.tiedbert.checkpoint.WholeDirectory;
import org.tiedbert.text.FileProblem;

/** A folder of another program's files, made whole or not at all. */
final class ForeignFolder {
  private ForeignFolder() {}

  /**
   * @throws InteropException if there is something at {@code folder}, or it cannot be written
   */
  static void write(Path folder, WholeDirectory.Filler filler) {
    try {
      WholeDirectory.write(folder, filler);
    } catch (FileAlreadyExistsException e) {
      throw new InteropException(
          "%s exists; name another folder, or delete this one".formatted(folder), e);
    } catch (IOException | UncheckedIOException e) {
      throw new InteropException(
          "%s could not be written, no part of it stays: %s".formatted(folder, FileProblem.of(e)),
          e);
    }
  }
}
