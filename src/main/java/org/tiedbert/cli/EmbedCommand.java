package org.tiedbert.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.tiedbert.export.SavedModelEncoder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiedbert embed}: lines of text into vectors. */
@Command(
    name = "embed",
    customSynopsis = "tiedbert embed --model SAVEDMODEL < TEXT",
    description = {
      "Turns lines of text into vectors, through a SavedModel.",
      "Reads a text a line and writes for each a line of JSON with \"text\" and \"embedding\", the mean"
          + " of its tokens' last hidden states.",
      "What a line has beyond the model's longest sequence is left out.",
    },
    footer = {
      "",
      "Example:",
      "  tiedbert embed --model savedmodels/tied < sentences.txt > embeddings.jsonl"
    })
final class EmbedCommand implements Callable<Integer> {
  private static final int LINES_AT_ONCE = 1024;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "SAVEDMODEL",
      description = "A folder made by export.")
  private Path model;

  @Spec private CommandSpec spec;

  private record Embedded(String text, float[] embedding) {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ObjectMapper json = new ObjectMapper();
    try (SavedModelEncoder encoder = SavedModelEncoder.load(model)) {
      StandardInput input = new StandardInput();
      for (List<String> texts = input.next(LINES_AT_ONCE);
          !texts.isEmpty();
          texts = input.next(LINES_AT_ONCE)) {
        float[][] embeddings = encoder.embed(texts);
        for (int i = 0; i < embeddings.length; i++) {
          out.println(json.writeValueAsString(new Embedded(texts.get(i), embeddings[i])));
        }
        if (out.checkError()) {
          return ExitCode.SOFTWARE; // nobody reads on; input may have no end
        }
      }
    }
    return 0;
  }
}
