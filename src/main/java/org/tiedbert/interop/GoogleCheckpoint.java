package org.tiedbert.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.Vocabulary;

/** Which checkpoint there is in a google-research/bert folder. */
final class GoogleCheckpoint {
  /** The name that Google's released models have. */
  static final String RELEASED = "bert_model.ckpt";

  private static final String INDEX = ".index";

  private GoogleCheckpoint() {}

  /**
   * The prefix of a released model's checkpoint, or of the only one there is.
   *
   * @throws InteropException if there is none of the format, or there are several
   */
  static Path in(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new InteropException("there is no folder %s".formatted(folder));
    }
    if (Files.isRegularFile(folder.resolve(RELEASED + INDEX))) {
      return folder.resolve(RELEASED);
    }
    List<String> names = names(folder);
    List<String> prefixes =
        names.stream()
            .filter(name -> name.endsWith(INDEX) && name.length() > INDEX.length())
            .map(name -> name.substring(0, name.length() - INDEX.length()))
            .toList();
    if (prefixes.size() > 1) {
      throw new InteropException(
          "%s holds the checkpoints %s; put the .index and .data files of one of them into a folder of their own, with %s and %s"
              .formatted(folder, prefixes, GoogleConfig.FILE_NAME, Vocabulary.FILE_NAME));
    }
    if (prefixes.isEmpty()) {
      throw none(folder, names);
    }
    return folder.resolve(prefixes.get(0));
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new InteropException("%s cannot be listed: %s".formatted(folder, FileProblem.of(e)), e);
    }
  }

  private static InteropException none(Path folder, List<String> names) {
    if (names.contains(HuggingFaceConfig.FILE_NAME)) {
      return new InteropException(
          "%s holds no %s%s but %s, which folders of Hugging Face have; import it as one"
              .formatted(folder, RELEASED, INDEX, HuggingFaceConfig.FILE_NAME));
    }
    for (String name : names) {
      if (name.equals(RELEASED) || name.matches("model\\.ckpt(-[0-9]+)?")) {
        return new InteropException(
            "%s is a checkpoint of TensorFlow's first format, which is not read here; restore it with tf.compat.v1.train.Saver in Python and save it again, which writes %s.index and %<s.data-*"
                .formatted(folder.resolve(name), name));
      }
    }
    return new InteropException(
        "%s holds no checkpoint: a google-research/bert folder has %s.index, %<s.data-*, %s and %s"
            .formatted(folder, RELEASED, GoogleConfig.FILE_NAME, Vocabulary.FILE_NAME));
  }
}
