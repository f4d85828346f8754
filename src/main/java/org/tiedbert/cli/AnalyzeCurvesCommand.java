package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.tiedbert.analysis.CurveFigures;
import org.tiedbert.analysis.RunCurve;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert analyze curves}: how runs learn, over steps and over time. */
@Command(
    name = "curves",
    customSynopsis = "tiedbert analyze curves --run RUN... --output DIR [OPTIONS]",
    description = {
      "Draws a number of several runs over steps and over time (MSLT, figure 4): solid the training,"
          + " dashed the held-out text, dotted where a stage begins.",
      "A point of training is the mean of --smooth updates that follow one another, none of them in"
          + " two points. Time is that of updates, without evaluation, checkpoints and pauses.",
      "Writes curves-step and curves-time, each as .png, .svg and .csv."
    },
    footer = {
      "",
      "Example:",
      "  tiedbert analyze curves --run runs/mslt runs/plain --name MSLT 'all layers' \\",
      "    --highest 7 --output figures"
    })
final class AnalyzeCurvesCommand implements Callable<Integer> {
  @Option(
      names = {"--run", "--init"},
      required = true,
      arity = "1..*",
      paramLabel = "RUN",
      description = "Runs of pretrain or finetune; they may still train.")
  private List<Path> runs;

  @Option(
      names = "--name",
      arity = "1..*",
      paramLabel = "NAME",
      description = "What each RUN is called in the picture. Default: the end of its path.")
  private List<String> names;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The folder for the figures; older ones of the same name are written over.")
  private Path output;

  @Option(
      names = "--metric",
      paramLabel = "KEY",
      description = {
        "The number to draw, a key in metrics.jsonl, such as loss. Default: crossEntropy, which"
            + " compares runs with different tied weights."
      })
  private String metric;

  @Option(
      names = "--smooth",
      paramLabel = "N",
      description = "Updates in a point. Default: as many as leave the longest run 200 points.")
  private Integer smooth;

  @Option(
      names = "--highest",
      paramLabel = "X",
      description = {
        "Show nothing above it. Default: what is above all that comes after the first twentieth of"
            + " each run, which would flatten the rest; the CSV has it all."
      })
  private Double highest;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<String> called = ModelsOptions.names(spec, "--run", runs, names);
    if (smooth != null && smooth < 1) {
      throw new ParameterException(
          spec.commandLine(), "--smooth must be at least 1, got " + smooth);
    }
    if (highest != null && !Double.isFinite(highest)) {
      throw new ParameterException(
          spec.commandLine(), "--highest must be a number, got " + highest);
    }
    String key = metric == null ? "crossEntropy" : metric;
    List<RunCurve> curves = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      curves.add(RunCurve.read(called.get(i), runs.get(i), key));
    }
    CurveFigures figures =
        CurveFigures.of(
            curves,
            key,
            smooth == null ? OptionalInt.empty() : OptionalInt.of(smooth),
            highest == null ? OptionalDouble.empty() : OptionalDouble.of(highest));
    ModelsOptions.write(spec, figures.figures(), output);
    return 0;
  }
}
