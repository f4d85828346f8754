package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.engine.Precision;
import org.tiedbert.export.ExportConfig;
import org.tiedbert.export.ExportConfig.DefaultSignature;
import org.tiedbert.export.SavedModelExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert export}: a model into a SavedModel. */
@Command(
    name = "export",
    customSynopsis = "tiedbert export --init MODEL --output DIR [OPTION...]",
    description = {
      "Writes a model as a TensorFlow SavedModel that reads text.",
      "A folder that can be moved and that Java, Python, C++ and TensorFlow Serving load; the"
          + " tokenizer is in its graph.",
      "Its README.md says what it is and how it is called.",
    },
    footer = {
      "",
      "Example:",
      "  tiedbert export --init runs/tied --output savedmodels/tied",
      "  echo 'the [MASK] is deep' | tiedbert fill-mask --model savedmodels/tied",
      "  tiedbert export --init runs/tied --output served/tied --model-version 1"
    })
final class ExportCommand implements Callable<Integer> {
  @Option(
      names = "--init",
      required = true,
      paramLabel = "MODEL",
      description =
          "A run directory, whose newest checkpoint is taken, a checkpoint directory or an imported"
              + " model.")
  private Path init;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The folder to make; must not exist, but with --model-version may.")
  private Path output;

  @Option(
      names = "--default-signature",
      paramLabel = "NAME",
      description = {
        "What is called by those who name no signature: embed, text to an embedding, or encode,"
            + " token ids to hidden states, as Hugging Face's and Spark NLP's models have it. Every"
            + " signature has its own name besides. Default: embed."
      })
  private DefaultSignature defaultSignature = ExportConfig.DEFAULT.defaultSignature();

  @Option(
      names = "--precision",
      paramLabel = "FORMAT",
      description = {
        "Of matrix products: float32, or bfloat16, faster on processors that have it. Default:"
            + " float32."
      })
  private Precision precision = ExportConfig.DEFAULT.precision();

  @Option(
      names = "--model-version",
      paramLabel = "N",
      description = {
        "Make the folder DIR/N, a version of the model, where TensorFlow Serving looks for it. Other"
            + " versions may be there."
      })
  private Long version;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    if (version != null && version < 1) {
      throw new ParameterException(
          spec.commandLine(), "--model-version must be at least 1, got " + version);
    }
    ModelDirectory model =
        ModelDirectory.open(init, damaged -> err.println("Passed over: " + damaged.getMessage()));
    Path folder = write(new SavedModelExport(model, new ExportConfig(defaultSignature, precision)));
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: SavedModel of %s%n", folder, model.path());
    out.printf("%s says what it is and how it is called%n", folder.resolve("README.md"));
    return 0;
  }

  private Path write(SavedModelExport export) {
    if (version != null) {
      return export.write(output, version);
    }
    export.write(output);
    return output;
  }
}
