package org.tiedbert.cli;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which text a command reads, and how. */
final class InputOptions {
  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "GLOB",
      description = {
        "Text files: .txt with one paragraph a line and a blank line between documents, or .jsonl"
            + " with the document in \"text\"; plain or .gz, .bz2, .xz, .zst. ** goes through"
            + " folders."
      })
  List<String> globs;

  @Option(names = "--cased", description = "Keep capitals and accents; without it, BERT's uncased.")
  boolean cased;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Default: all cores. The result does not depend on it.")
  int numThreads = Runtime.getRuntime().availableProcessors();

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** Settings made of options; what they refuse is an error of the command line. */
  <T> T settings(Supplier<T> fromOptions) {
    try {
      return fromOptions.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }
}
