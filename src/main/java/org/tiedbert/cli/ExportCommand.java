package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.export.SavedModelExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiedbert export}: a model into a SavedModel. */
@Command(
    name = "export",
    customSynopsis = "tiedbert export --init MODEL --output DIR",
    description = {
      "Writes a model as a TensorFlow SavedModel.",
      "A folder that can be moved and that Java, Python," + " C++ and TensorFlow Serving load.",
      "Its README.md says what it is and how it is called.",
    },
    footer = {
      "",
      "Example:",
      "  tiedbert export --init runs/tied --output savedmodels/tied",
      "  echo 'the [MASK] is deep' | tiedbert fill-mask --model savedmodels/tied"
    })
final class ExportCommand implements Callable<Integer> {
  @Option(
      names = "--init",
      required = true,
      paramLabel = "MODEL",
      description = "A run directory, whose newest checkpoint is taken, or a checkpoint directory.")
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
    new SavedModelExport(model).write(output);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: SavedModel of %s%n", output, model.path());
    out.printf("%s says what it is and how it is called%n", output.resolve("README.md"));
    return 0;
  }
}
