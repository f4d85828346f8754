package org.tiedbert.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.eval.GlueConfig;
import org.tiedbert.text.InputException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What decides on a table of GLUE. */
final class GlueOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder that holds each task's files, under the task's name.")
  private Path data;

  @Mixin private StartOptions start;

  @Option(names = "--output", paramLabel = "RUN", description = "The table's folder.")
  private Path output;

  @Option(
      names = "--protocol",
      paramLabel = "P",
      description = {
        "tied-bert (the default; 3 epochs), mslt (10 for STS-B and RTE), or a file in YAML, which"
            + " may build on one of them (preset: glue-mslt)."
      })
  private String protocol;

  @Option(
      names = "--tasks",
      paramLabel = "T,T...",
      description =
          "Default: CoLA,SST-2,MRPC,QQP,STS-B,MNLI,QNLI,RTE. There are WNLI and SWAG too.")
  private String tasks;

  @Option(names = "--seeds", paramLabel = "N,N...", description = "Default: 1,2,3.")
  private String seeds;

  @Option(
      names = "--learning-rates",
      paramLabel = "X,X...",
      description = "Default: 5e-5,4e-5,3e-5,2e-5.")
  private String learningRates;

  @Option(names = "--batch-sizes", paramLabel = "N,N...", description = "Default: 16,32.")
  private String batchSizes;

  @Option(names = "--weight-decay", paramLabel = "X,X...", description = "Default: 0.01.")
  private String weightDecays;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "For every task, whatever the protocol says.")
  private Integer epochs;

  @Option(
      names = "--set",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Further settings: --set engine.precision=bfloat16 maxSeqLength=64")
  private List<String> overrides = new ArrayList<>();

  Path output(CommandLine command) {
    if (output == null) {
      throw new ParameterException(command, "Missing required option: '--output=RUN'");
    }
    return output;
  }

  /** Whether anything but a folder is named. */
  boolean nameTraining() {
    return protocol != null || !settings().isEmpty();
  }

  /** The configuration of a table that is there. */
  GlueConfig begun(CommandLine command) {
    Path stored = new RunDirectory(output(command)).config();
    if (!Files.exists(stored)) {
      throw new InputException(
          "%s is no table of GLUE: it has no %s; 'tiedbert glue' makes one"
              .formatted(output, stored.getFileName()));
    }
    BegunBy.GLUE.require(output);
    return GlueConfigReader.read(stored, List.of());
  }

  /** That of a new table, or of one that is there with more tasks, seeds or grid points. */
  GlueConfig config(CommandLine command) {
    if (output == null || !Files.exists(new RunDirectory(output).config())) {
      return anew();
    }
    GlueConfig begun = begun(command);
    GlueConfig now =
        protocol == null
            ? withModel(GlueConfigReader.read(new RunDirectory(output).config(), settings()))
            : anew();
    requireContinues(begun, now);
    return now;
  }

  private GlueConfig anew() {
    String name = protocol == null ? GlueConfigReader.PROTOCOLS.get(0) : protocol;
    if (GlueConfigReader.PROTOCOLS.contains(name)) {
      return withModel(GlueConfigReader.protocol(name, settings()));
    }
    if (!Files.isRegularFile(Path.of(name))) {
      throw new ConfigException(
          "a protocol is one of %s, or a file in YAML; there is no file %s"
              .formatted(String.join(", ", GlueConfigReader.PROTOCOLS), name));
    }
    return withModel(GlueConfigReader.read(Path.of(name), settings()));
  }

  /** With the very checkpoint that is the newest of a run, which later ones must not replace. */
  private static GlueConfig withModel(GlueConfig config) {
    return config.withInit(ModelDirectory.open(config.init(), damaged -> {}).path());
  }

  private void requireContinues(GlueConfig begun, GlueConfig now) {
    List<String> differences =
        RunConfigReader.differences(
            begun, now.withCells(begun.tasks(), begun.seeds(), begun.grid()));
    if (!differences.isEmpty()) {
      throw new ConfigException(
          ("%s was begun with another configuration; only tasks, seeds and grid may grow. Choose"
                  + " another --output. What differs, as begun → as given now:%n  %s")
              .formatted(output, String.join("%n  ".formatted(), differences)));
    }
    if (!now.cells(now.tasks()).containsAll(begun.cells(begun.tasks()))) {
      throw new ConfigException(
          "%s was begun with more tasks, seeds or grid points; name these too, or choose another --output. It has tasks %s, seeds %s, %s"
              .formatted(output, begun.tasks(), begun.seeds(), begun.grid()));
    }
  }

  /** The options in the order in which later ones win. */
  private List<String> settings() {
    List<String> settings = new ArrayList<>();
    settings.addAll(start.settings());
    addText(settings, "data", data);
    addList(settings, "tasks", tasks);
    addList(settings, "seeds", seeds);
    addList(settings, "grid.learningRates", learningRates);
    addList(settings, "grid.batchSizes", batchSizes);
    addList(settings, "grid.weightDecays", weightDecays);
    if (epochs != null) {
      settings.add("epochs=%d".formatted(epochs));
      settings.add("epochsOf=[]");
    }
    settings.addAll(overrides);
    return settings;
  }

  private static void addText(List<String> settings, String path, Object value) {
    if (value != null) {
      settings.add(ConfigOverrides.text(path, value));
    }
  }

  private static void addList(List<String> settings, String path, String values) {
    if (values != null) {
      settings.add("%s=[%s]".formatted(path, values));
    }
  }
}
