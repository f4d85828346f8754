package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tiedbert.checkpoint.ModelDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiedbert convert}: a model into another program's files. */
@Command(
    name = "convert",
    customSynopsis = "tiedbert convert --to (google | huggingface) --init MODEL --output DIR",
    description = {
      "Writes a model as the files of another program, with its vocabulary and configuration.",
      "tiedbert import reads the same weights back, to the last bit.",
    },
    footer = {
      "",
      "Example:",
      "  tiedbert convert --to huggingface --init runs/tied --output tied-huggingface"
    })
final class ConvertCommand implements Callable<Integer> {
  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = {
        "google: bert_model.ckpt.*, bert_config.json and vocab.txt, for google-research/bert and"
            + " what reads its checkpoints. huggingface: what from_pretrained of transformers"
            + " loads."
      })
  private ForeignFormat to;

  @Option(
      names = "--init",
      required = true,
      paramLabel = "MODEL",
      description =
          "A run directory, whose newest checkpoint is taken, a checkpoint directory, or an"
              + " imported model.")
  private Path init;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The folder to make; must not exist.")
  private Path output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    ModelDirectory model =
        ModelDirectory.open(init, damaged -> err.println("Passed over: " + damaged.getMessage()));
    to.write(model, output);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: %s, as %s has it%n", output, model.path(), to.owner());
    out.printf(
        "Its text is %s: do_lower_case is %s%n",
        model.config().lowerCase() ? "uncased" : "cased", model.config().lowerCase());
    return 0;
  }
}
