package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tiedbert.report.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tiedbert report}: a run into one page. */
@Command(
    name = "report",
    customSynopsis = "tiedbert report RUN [--output FILE] [--no-samples]",
    description = {
      "Writes one HTML page about a run: what it came to, settings, machine, data, stages and what"
          + " trained when, curves, checkpoints, and what the model makes of a few texts.",
      "The page needs no other file and no network. The run may be finished, stopped or still"
          + " training."
    },
    footer = {"", "Example:", "  tiedbert report runs/mine"})
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "The --output of pretrain, finetune or glue.")
  private Path run;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "The page. Default: RUN/report/index.html.")
  private Path output;

  @Option(
      names = "--no-samples",
      description = "Leave out what the newest checkpoint says, which takes a few seconds.")
  private boolean noSamples;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    RunReport report = new RunReport(run, RunConfigReader::defaultsYaml, !noSamples);
    Path file = output == null ? report.defaultFile() : output;
    WholeJson.requireFile(file);
    report.write(file);
    spec.commandLine().getOut().println(file);
    return 0;
  }
}
