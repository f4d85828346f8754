package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tiedbert.stage.Stage;
import org.tiedbert.train.GraphFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert graph}: the training graphs themselves. */
@Command(
    name = "graph",
    customSynopsis =
        "tiedbert graph (--config FILE | --preset NAME) [--set KEY=VALUE...] --output DIR",
    description = {
      "Writes the graph of each stage as a GraphDef, and beside it, as JSON, what to feed, fetch and"
          + " run and which parameters train. Any TensorFlow program can run it."
    },
    footer = {"", "Example:", "  tiedbert graph --config my.yaml --output graphs/my"})
final class GraphCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The folder to make; must not exist.")
  private Path output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!config.namesSource()) {
      throw new ParameterException(
          spec.commandLine(), "--config FILE, --preset NAME or --init MODEL is needed");
    }
    for (Stage stage : GraphFiles.write(config.read(), output)) {
      spec.commandLine()
          .getOut()
          .printf(
              "%s: stage %d, %s, %d layers%n",
              output.resolve("stage-%d.pb".formatted(stage.index() + 1)),
              stage.index() + 1,
              stage.name(),
              stage.numLayers());
    }
    return 0;
  }
}
