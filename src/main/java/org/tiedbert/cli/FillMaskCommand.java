package org.tiedbert.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.tiedbert.export.Prediction;
import org.tiedbert.export.SavedModelEncoder;
import org.tiedbert.text.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert fill-mask}: masks in lines of text into words. */
@Command(
    name = "fill-mask",
    customSynopsis = "tiedbert fill-mask --model SAVEDMODEL [--top-k K] < TEXT",
    description = {
      "Fills the masks in lines of text with words, through a SavedModel.",
      "Reads a text with one [MASK] or more a line and writes for each a line of JSON with \"text\" and"
          + " \"masks\": for each mask a list of the most probable tokens, each with \"token\","
          + " \"probability\" and the filled \"text\".",
    },
    footer = {
      "",
      "Example:",
      "  echo 'Paris is the [MASK] of France.' | tiedbert fill-mask --model savedmodels/tied"
    })
final class FillMaskCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "SAVEDMODEL",
      description = "A folder made by export.")
  private Path model;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "5",
      description = "How many tokens for each mask. Default: ${DEFAULT-VALUE}.")
  private int topK;

  @Spec private CommandSpec spec;

  private record Filled(String text, List<List<Prediction>> masks) {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ObjectMapper json = new ObjectMapper();
    try (SavedModelEncoder encoder = SavedModelEncoder.load(model)) {
      requireInVocabulary(encoder.vocabulary().size());
      StandardInput input = new StandardInput();
      for (List<String> texts = input.next(1); !texts.isEmpty(); texts = input.next(1)) {
        Filled filled = filled(encoder, texts.get(0), input.lineNumber());
        out.println(json.writeValueAsString(filled));
        out.flush();
      }
    }
    return 0;
  }

  private void requireInVocabulary(int vocabSize) {
    if (topK < 1 || topK > vocabSize) {
      throw new ParameterException(
          spec.commandLine(),
          "--top-k must lie between 1 and the %d tokens of the vocabulary, got %d"
              .formatted(vocabSize, topK));
    }
  }

  private Filled filled(SavedModelEncoder encoder, String text, long line) {
    try {
      return new Filled(text, encoder.fillMask(text, topK));
    } catch (InputException e) {
      throw new InputException("standard input, line %d: %s".formatted(line, e.getMessage()), e);
    }
  }
}
