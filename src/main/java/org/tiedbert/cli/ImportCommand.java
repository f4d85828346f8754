package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.tiedbert.interop.ForeignModel;
import org.tiedbert.interop.ModelImport;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ModelPart;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiedbert import}: another program's model into one of ours. */
@Command(
    name = "import",
    customSynopsis =
        "tiedbert import --from (google | huggingface) --input DIR --output MODEL [OPTIONS]",
    description = {
      "Makes a model of BERT weights that another program wrote.",
      "export, pretrain --init and convert take what it makes.",
      "It lists what the folder lacks and what it left out.",
    },
    footer = {
      "",
      "Examples:",
      "  tiedbert import --from google --input uncased_L-12_H-768_A-12 --output data/bert-base",
      "  tiedbert import --from huggingface --input all-MiniLM-L6-v2 --output data/minilm"
    })
final class ImportCommand implements Callable<Integer> {
  private static final int MAX_LISTED = 100;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "FORMAT",
      description = {
        "google: bert_model.ckpt.*, bert_config.json and vocab.txt, as google-research/bert has"
            + " them. huggingface: model.safetensors, config.json and vocab.txt or"
            + " tokenizer.json."
      })
  private ForeignFormat from;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "DIR",
      description = "The folder with these files.")
  private Path input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "MODEL",
      description = "The folder to make; must not exist.")
  private Path output;

  @ArgGroup private Casing casing;

  @Spec private CommandSpec spec;

  /** At most one of the two. */
  private static final class Casing {
    @Option(names = "--cased", description = "Keep capitals and accents, whatever the folder says.")
    private boolean cased;

    @Option(names = "--uncased", description = "Take them off, whatever the folder says.")
    private boolean uncased;
  }

  @Override
  public Integer call() {
    try (ForeignModel model = from.open(input)) {
      ModelImport made = new ModelImport(model, input);
      ModelImport.Report report =
          (casing == null ? made : made.withLowerCase(casing.uncased)).write(output);
      PrintWriter out = spec.commandLine().getOut();
      describe(out, report);
      describeLeftOut(out, report);
    }
    return 0;
  }

  private void describe(PrintWriter out, ModelImport.Report report) {
    EncoderConfig encoder = report.config().encoder();
    out.printf(
        "%s: %,d parameters, %d layers of %d, vocabulary of %,d%n",
        output,
        report.numParameters(),
        encoder.numHiddenLayers(),
        encoder.hiddenSize(),
        encoder.vocabSize());
    out.printf(
        "Text is %s (%s)%n",
        report.config().lowerCase() ? "uncased" : "cased",
        casing == null ? "as its files show; --cased and --uncased say otherwise" : "as asked for");
    out.printf("Beside the encoder: %s%n", names(report.parts()));
    report.labels().ifPresent(labels -> out.printf("Labels: %s%n", printable(labels.names())));
    Set<ModelPart> absent = EnumSet.allOf(ModelPart.class);
    absent.removeAll(report.parts());
    out.printf("Not in it: %s%n", names(absent));
  }

  /** Without what a terminal would obey. */
  private static List<String> printable(List<String> names) {
    return names.stream().map(name -> name.replaceAll("\\p{Cntrl}", "?")).toList();
  }

  private static String names(Set<ModelPart> parts) {
    return parts.isEmpty()
        ? "nothing"
        : parts.stream().map(ModelPart::inWords).collect(Collectors.joining(", "));
  }

  private static void describeLeftOut(PrintWriter out, ModelImport.Report report) {
    List<String> training = report.trainingState();
    if (!training.isEmpty()) {
      out.printf(
          "Left out, of its training only (%,d): such as %s%n", training.size(), training.get(0));
    }
    List<String> unknown = report.unknown();
    if (!unknown.isEmpty()) {
      out.printf("Left out, unknown here (%,d):%n", unknown.size());
      unknown.stream().limit(MAX_LISTED).forEach(name -> out.printf("  %s%n", name));
    }
    if (unknown.size() > MAX_LISTED) {
      out.printf("  and %,d more%n", unknown.size() - MAX_LISTED);
    }
  }
}
