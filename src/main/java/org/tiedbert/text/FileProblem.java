package org.tiedbert.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What the operating system said of a file, as a person says it. */
public final class FileProblem {
  private FileProblem() {}

  /**
   * Such as {@code there is no data/vocab.txt}; for the end of a message.
   *
   * @param e an IOException, or what a stream made of one
   */
  public static String of(Exception e) {
    if (e instanceof UncheckedIOException unchecked) {
      return of(unchecked.getCause());
    }
    if (e instanceof FileSystemException problem && problem.getFile() != null) {
      return of(problem, problem.getFile());
    }
    return e.getClass() == IOException.class && e.getMessage() != null
        ? e.getMessage()
        : e.toString();
  }

  private static String of(FileSystemException problem, String file) {
    if (problem instanceof NoSuchFileException) {
      return "there is no " + file;
    } else if (problem instanceof AccessDeniedException) {
      return "permission to %s is denied".formatted(file);
    } else if (problem instanceof FileAlreadyExistsException) {
      return file + " exists";
    } else if (problem instanceof NotDirectoryException) {
      return file + " is no folder";
    } else if (problem instanceof DirectoryNotEmptyException) {
      return "folder %s is not empty".formatted(file);
    }
    return problem.getReason() == null
        ? problem.toString()
        : "%s: %s".formatted(file, problem.getReason());
  }
}
