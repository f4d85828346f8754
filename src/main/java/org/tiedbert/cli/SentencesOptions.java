package org.tiedbert.cli;

import java.util.List;
import java.util.function.Consumer;
import org.tiedbert.corpus.DocumentReader;
import org.tiedbert.corpus.SentenceSplitter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Text whose sentences are analysed. */
final class SentencesOptions {
  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "GLOB",
      description = {
        "Text files: .txt with one paragraph a line, or .jsonl with the document in \"text\"; plain"
            + " or .gz, .bz2, .xz, .zst. ** goes through folders."
      })
  private List<String> globs;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Every sentence, in the order of the text. */
  void forEach(Consumer<String> use) {
    forEach(command, globs, use);
  }

  static void forEach(CommandSpec command, List<String> globs, Consumer<String> use) {
    SentenceSplitter splitter = new SentenceSplitter();
    try (DocumentReader documents = new DocumentReader(globs);
        WorkProgress progress =
            WorkProgress.start(
                command.commandLine().getErr(),
                "Reading",
                WorkProgress.Unit.MEGABYTE,
                documents.totalBytes())) {
      while (documents.hasNext()) {
        splitter.split(documents.next().paragraphs()).forEach(use);
        progress.at(documents.bytesRead(), "");
      }
    }
  }
}
