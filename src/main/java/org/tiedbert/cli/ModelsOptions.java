package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.tiedbert.analysis.Figure;
import org.tiedbert.analysis.LayerFeatures;
import org.tiedbert.analysis.ModelNames;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which models figures are of, what they are called, and where the figures go. */
final class ModelsOptions {
  @Option(
      names = "--init",
      required = true,
      arity = "1..*",
      paramLabel = "MODEL",
      description = "Runs, checkpoints or imported models, all in one picture.")
  private List<Path> models;

  @Option(
      names = "--name",
      arity = "1..*",
      paramLabel = "NAME",
      description = "What each MODEL is called in the picture. Default: the end of its path.")
  private List<String> names;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The folder for the figures; older ones of the same name are written over.")
  private Path output;

  @Option(names = "--gpu", description = "Run the models on a GPU.")
  private boolean gpu;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  int numModels() {
    return models.size();
  }

  /** One for each model, all different. */
  List<String> names() {
    return names(command, "--init", models, names);
  }

  static List<String> names(
      CommandSpec command, String option, List<Path> paths, List<String> given) {
    if (given == null) {
      return ModelNames.of(paths);
    }
    if (given.size() != paths.size() || Set.copyOf(given).size() != given.size()) {
      throw new ParameterException(
          command.commandLine(),
          "--name needs a name of its own for each of %s's %d, got %d: %s"
              .formatted(option, paths.size(), given.size(), given));
    }
    return given;
  }

  /** What is done with an open model. */
  interface Use<T> {
    T apply(String name, LayerFeatures model);
  }

  /** Opens one model after the other, so that one at a time is in memory. */
  <T> List<T> each(Use<T> use) {
    List<String> called = names();
    return IntStream.range(0, models.size())
        .mapToObj(
            i -> {
              try (LayerFeatures model = open(i)) {
                T result = use.apply(called.get(i), model);
                tellTruncated(called.get(i), model);
                return result;
              }
            })
        .toList();
  }

  /** Owned by the caller. */
  LayerFeatures open(int index) {
    EngineConfig engine =
        new EngineConfig(
            Precision.FLOAT32,
            XlaMode.OFF,
            gpu ? EngineConfig.Device.GPU : EngineConfig.Device.CPU,
            0);
    PrintWriter err = command.commandLine().getErr();
    return LayerFeatures.open(
        models.get(index), engine, damaged -> err.println("Passed over: " + damaged.getMessage()));
  }

  void tellTruncated(String name, LayerFeatures model) {
    if (model.numTruncated() > 0) {
      command
          .commandLine()
          .getErr()
          .printf(
              "%s: %,d texts were cut to the %,d tokens that it reads%n",
              name, model.numTruncated(), model.maxSeqLength());
    }
  }

  /** Writes figures and prints their files. */
  void write(List<Figure> figures) {
    write(command, figures, output);
  }

  static void write(CommandSpec command, List<Figure> figures, Path output) {
    figures.forEach(
        figure -> figure.write(output).forEach(command.commandLine().getOut()::println));
  }

  Path output() {
    return output;
  }
}
