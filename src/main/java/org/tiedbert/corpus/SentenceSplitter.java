package org.tiedbert.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import opennlp.tools.sentdetect.SentenceDetectorME;
import opennlp.tools.sentdetect.SentenceModel;

/** Paragraphs into sentences by OpenNLP's English model; for one thread. */
public final class SentenceSplitter {
  private static final String MODEL = "/opennlp-en-ud-ewt-sentence-1.3-2.5.4.bin";

  private final SentenceDetectorME detector = new SentenceDetectorME(Model.LOADED);

  /** The sentences of all paragraphs, in order. */
  public List<String> split(List<String> paragraphs) {
    List<String> sentences = new ArrayList<>();
    for (String paragraph : paragraphs) {
      sentences.addAll(List.of(detector.sentDetect(paragraph)));
    }
    return sentences;
  }

  /** The model is immutable and shared by all threads. */
  private static final class Model {
    static final SentenceModel LOADED = load();

    private static SentenceModel load() {
      try (InputStream in = SentenceSplitter.class.getResourceAsStream(MODEL)) {
        if (in == null) {
          throw new IllegalStateException(MODEL + " is not on the class path");
        }
        return new SentenceModel(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
