package org.tiedbert.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;

/** The folder that a command writes into. */
final class OutputFolder {
  private OutputFolder() {}

  /**
   * Makes it, where it does not exist.
   *
   * @throws InputException if it cannot be made
   */
  static void make(Path folder) {
    try {
      WholeFile.makeFolder(folder);
    } catch (IOException e) {
      throw new InputException(
          "the folder %s cannot be made: %s; name another --output"
              .formatted(folder, FileProblem.of(e)),
          e);
    }
  }
}
