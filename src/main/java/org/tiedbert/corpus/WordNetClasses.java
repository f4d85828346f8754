package org.tiedbert.corpus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;

/**
 * A classification task on text that comes with the build: to tell from a noun's definition in
 * WordNet 3.1 which of the lexicographers' files it is from, such as {@code animal}, {@code food}
 * or {@code time}. There are {@value #NUM_CLASSES} of them for nouns (WordNet's lexnames(5WN)
 * manual). The word itself is not shown.
 */
public final class WordNetClasses {
  /** Columns of the files. */
  public static final String DEFINITION = "definition";

  public static final String CLASS = "class";

  public static final int NUM_CLASSES = 26;

  /** File numbers 3 to 28. */
  private static final List<String> NAMES =
      List.of(
          "Tops",
          "act",
          "animal",
          "artifact",
          "attribute",
          "body",
          "cognition",
          "communication",
          "event",
          "feeling",
          "food",
          "group",
          "location",
          "motive",
          "object",
          "person",
          "phenomenon",
          "plant",
          "possession",
          "process",
          "quantity",
          "relation",
          "shape",
          "state",
          "substance",
          "time");

  private static final int FIRST_FILE = 3;
  private static final String GLOSS = " | ";

  private WordNetClasses() {}

  /**
   * Writes two tab-separated files with a header, drawn at random but always the same; no
   * definition is in both.
   *
   * @param numTrain examples in {@code train}
   * @param numDev examples in {@code dev}
   * @throws IllegalArgumentException if there are not so many
   */
  public static void write(Path train, int numTrain, Path dev, int numDev) {
    List<Map.Entry<String, String>> all = read();
    if (numTrain < 1 || numDev < 1 || numTrain + numDev > all.size()) {
      throw new IllegalArgumentException(
          "needs at least one example each and at most %d in all, got %d and %d"
              .formatted(all.size(), numTrain, numDev));
    }
    Collections.shuffle(all, new Random(1));
    write(train, all.subList(0, numTrain));
    write(dev, all.subList(numTrain, numTrain + numDev));
  }

  private static void write(Path file, List<Map.Entry<String, String>> examples) {
    StringBuilder lines = new StringBuilder("%s\t%s\n".formatted(DEFINITION, CLASS));
    examples.forEach(e -> lines.append("%s\t%s\n".formatted(e.getKey(), e.getValue())));
    try {
      WholeFile.write(file, lines.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  /** Each definition with its class, in WordNet's order; the first class where it has several. */
  static List<Map.Entry<String, String>> read() {
    Map<String, String> classes = new LinkedHashMap<>();
    for (String line : WordNetGlosses.lines("noun")) {
      classes.putIfAbsent(definition(line), className(line));
    }
    return new ArrayList<>(classes.entrySet());
  }

  /** Without the examples of use, which mostly name the word. */
  static String definition(String line) {
    String gloss = line.substring(line.indexOf(GLOSS) + GLOSS.length());
    int examples = gloss.indexOf("; \"");
    return (examples < 0 ? gloss : gloss.substring(0, examples)).strip().replace('\t', ' ');
  }

  static String className(String line) {
    return NAMES.get(Integer.parseInt(line.split(" ", 3)[1]) - FIRST_FILE);
  }
}
