package org.tiedbert.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.tiedbert.export.ServingSpeed;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert bench}: how fast this machine is at it. */
@Command(
    name = "bench",
    customSynopsis = {
      "tiedbert bench --serving SAVEDMODEL [--onnx FILE [--tokenizer FILE]] [OPTION...]"
    },
    description = {
      "Measures sentences a second and the time of a call, text in and vectors out, in Java, at"
          + " batch sizes 1, 8 and 32: of a SavedModel, and of ONNX Runtime on an ONNX file of the"
          + " same model. The two take turns at the same batches, so that a machine that slows"
          + " down meanwhile slows both.",
    },
    footer = {
      "",
      "Example:",
      "  tiedbert bench --serving savedmodels/minilm --onnx minilm/model.onnx"
    })
final class BenchCommand implements Callable<Integer> {
  @ArgGroup(exclusive = false)
  private BenchServing serving;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "How long to measure each engine at each batch size. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write the figures as JSON too.")
  private Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (serving == null) {
      throw new ParameterException(
          spec.commandLine(), "Missing required option: '--serving=SAVEDMODEL'");
    }
    if (!(seconds > 0 && seconds <= Duration.ofDays(1).toSeconds())) {
      throw new ParameterException(
          spec.commandLine(), "--seconds must be above 0 and at most a day, got " + seconds);
    }
    if (json != null) {
      WholeJson.requireFile(json);
    }
    Duration duration = Duration.ofNanos((long) (seconds * 1e9));
    ServingSpeed speed = serving.measure(spec, duration);
    serving.print(speed, spec.commandLine().getOut());
    if (json != null) {
      WholeJson.write(json, speed);
    }
    return 0;
  }
}
