package org.tiedbert.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.tiedbert.text.FileProblem;

/** Globs into files, in an order that depends on their names only. */
final class InputFiles {
  private static final Pattern GLOB_CHARACTERS = Pattern.compile("[*?\\[\\]{}]");
  private static final Pattern TEXT_FILE = Pattern.compile(".*\\.(txt|jsonl)(\\.(gz|bz2|xz|zst))?");

  private InputFiles() {}

  /** Every file that a glob names, once, sorted by path; a glob that names none is an error. */
  static List<Path> of(Collection<String> globs) {
    if (globs.isEmpty()) {
      throw new CorpusException("no input was given; name at least one .txt or .jsonl file");
    }
    TreeMap<String, Path> files = new TreeMap<>();
    for (String glob : globs) {
      List<Path> found = expand(glob);
      if (found.isEmpty()) {
        throw new CorpusException(
            "input '%s' names no file (looked in %s)".formatted(glob, absolute(root(glob))));
      }
      found.forEach(file -> files.put(file.toString(), requireTextFile(file)));
    }
    return List.copyOf(files.values());
  }

  private static List<Path> expand(String glob) {
    Path literal = literalFile(glob);
    if (literal != null) {
      return List.of(literal);
    }
    Path root = absolute(root(glob));
    if (!GLOB_CHARACTERS.matcher(glob).find() || !Files.isDirectory(root)) {
      return List.of();
    }
    PathMatcher matcher = matcher(root, glob);
    try (Stream<Path> paths = Files.walk(root, depth(glob), FileVisitOption.FOLLOW_LINKS)) {
      return paths.filter(matcher::matches).filter(Files::isRegularFile).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new CorpusException(
          "input '%s' cannot be listed: %s".formatted(glob, FileProblem.of(e)), e);
    }
  }

  /** A file whose very name is the glob, so that names with brackets can be given too. */
  private static Path literalFile(String glob) {
    try {
      Path path = Path.of(glob);
      return Files.isRegularFile(path) ? absolute(path) : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** The directories before the first one whose name has a wildcard. */
  private static Path root(String glob) {
    return Path.of(glob.substring(0, rootLength(glob)));
  }

  private static int rootLength(String glob) {
    var wildcard = GLOB_CHARACTERS.matcher(glob);
    int end = wildcard.find() ? wildcard.start() : glob.length();
    return glob.lastIndexOf('/', end - 1) + 1;
  }

  private static int depth(String glob) {
    String rest = glob.substring(rootLength(glob));
    return rest.contains("**")
        ? Integer.MAX_VALUE
        : (int) rest.chars().filter(c -> c == '/').count() + 1;
  }

  private static PathMatcher matcher(Path root, String glob) {
    try {
      PathMatcher rest =
          FileSystems.getDefault().getPathMatcher("glob:" + glob.substring(rootLength(glob)));
      return path -> rest.matches(root.relativize(path));
    } catch (PatternSyntaxException e) {
      throw new CorpusException(
          "input '%s' is not a glob: %s".formatted(glob, e.getDescription()), e);
    }
  }

  private static Path requireTextFile(Path file) {
    if (!TEXT_FILE.matcher(file.getFileName().toString()).matches()) {
      throw new CorpusException(
          "input %s: expected a name ending in .txt or .jsonl, plain or with .gz, .bz2, .xz or .zst"
              .formatted(file));
    }
    return file;
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
