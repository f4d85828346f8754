package org.tiedbert.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Names of models and runs in pictures. */
public final class ModelNames {
  private ModelNames() {}

  /**
   * The ends of the paths, as long as it takes to tell them apart; the same path twice is told by a
   * number.
   */
  public static List<String> of(List<Path> paths) {
    List<Path> whole = paths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    int longest = whole.stream().mapToInt(Path::getNameCount).max().orElse(0);
    for (int length = 1; length <= longest; length++) {
      int kept = length;
      List<String> names = whole.stream().map(path -> end(path, kept)).toList();
      if (new HashSet<>(names).size() == new HashSet<>(whole).size()) {
        return numbered(names);
      }
    }
    return numbered(whole.stream().map(Path::toString).toList());
  }

  private static String end(Path path, int length) {
    int count = path.getNameCount();
    return count == 0
        ? path.toString()
        : path.subpath(Math.max(0, count - length), count).toString();
  }

  private static List<String> numbered(List<String> names) {
    List<String> unique = new ArrayList<>();
    for (String name : names) {
      String candidate = name;
      for (int number = 2; unique.contains(candidate); number++) {
        candidate = name + " (" + number + ")";
      }
      unique.add(candidate);
    }
    return unique;
  }
}
