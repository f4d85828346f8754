package org.tiedbert.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.tiedbert.export.Prediction;
import org.tiedbert.export.SavedModelEncoder;
import org.tiedbert.text.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
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
  private static final int MAX_LINES_AT_ONCE = 256;

  /** Each has the whole text in it; for a line of one mask. */
  private static final int MAX_PREDICTIONS_AT_ONCE = 1 << 16;

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

  private final ObjectMapper json = new ObjectMapper();

  private record Filled(String text, List<List<Prediction>> masks) {}

  @Override
  public Integer call() throws IOException {
    try (SavedModelEncoder encoder = SavedModelEncoder.load(model)) {
      requireTopK(encoder);
      StandardInput input = new StandardInput();
      int most = Math.max(1, Math.min(MAX_LINES_AT_ONCE, MAX_PREDICTIONS_AT_ONCE / topK));
      for (List<String> texts = input.next(most); !texts.isEmpty(); texts = input.next(most)) {
        long firstLine = input.lineNumber() - texts.size() + 1;
        write(encoder, texts, firstLine);
        if (spec.commandLine().getOut().checkError()) {
          return ExitCode.SOFTWARE; // nobody reads on; input may have no end
        }
      }
    }
    return 0;
  }

  /** Before any text is read. */
  private void requireTopK(SavedModelEncoder encoder) {
    try {
      encoder.fillMask(List.of(), topK);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--top-k: " + e.getMessage(), e);
    }
  }

  private void write(SavedModelEncoder encoder, List<String> texts, long firstLine)
      throws IOException {
    List<List<List<Prediction>>> masks;
    try {
      masks = encoder.fillMask(texts, topK);
    } catch (InputException e) {
      writeUpToTheWrongOne(encoder, texts, firstLine);
      throw e;
    }
    for (int i = 0; i < texts.size(); i++) {
      write(texts.get(i), masks.get(i));
    }
  }

  private void writeUpToTheWrongOne(SavedModelEncoder encoder, List<String> texts, long firstLine)
      throws IOException {
    for (int i = 0; i < texts.size(); i++) {
      try {
        write(texts.get(i), encoder.fillMask(texts.get(i), topK));
      } catch (InputException e) {
        spec.commandLine().getOut().flush();
        throw new InputException(
            "standard input, line %d: %s".formatted(firstLine + i, e.getMessage()), e);
      }
    }
  }

  private void write(String text, List<List<Prediction>> masks) throws IOException {
    spec.commandLine().getOut().println(json.writeValueAsString(new Filled(text, masks)));
  }
}
