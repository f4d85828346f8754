package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.Optional;
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
      "tiedbert bench (--shape L,H,A,S | --preset NAME | --config FILE) [OPTION...]",
      "       tiedbert bench --serving SAVEDMODEL [--onnx FILE [--tokenizer FILE]] [OPTION...]"
    },
    description = {
      "Measures how fast this machine trains, or how fast a SavedModel answers.",
      "",
      "Training: the time of a step, sequences a second, the share of what a large matrix product"
          + " reaches, memory, and what input, noise and optimizer take of a step; for every stage,"
          + " and how much faster the stages are than training everything. Sequences are made up,"
          + " all of full length; no shards are needed.",
      "",
      "Serving: sentences a second and the time of a call, text in and vectors out, in Java, at"
          + " batch sizes 1, 8 and 32: of a SavedModel, and of ONNX Runtime on an ONNX file of the"
          + " same model. The two take turns at the same batches, so that a machine that slows"
          + " down meanwhile slows both.",
    },
    footer = {
      "",
      "Examples:",
      "  tiedbert bench --shape 4,256,4,128 --batch 64 --precision bfloat16",
      "  tiedbert bench --preset mslt-bert-base-paper --batch 16 --steps 5 --json speed.json",
      "  tiedbert bench --preset bert-mini --trace step.json",
      "  tiedbert bench --preset mslt-bert-base-paper --batch 8 --workers 2 --steps 5",
      "  tiedbert bench --serving savedmodels/minilm --onnx minilm/model.onnx"
    })
final class BenchCommand implements Callable<Integer> {
  @ArgGroup(exclusive = false, heading = "%nWhat to measure of training:%n")
  private BenchTraining training;

  @ArgGroup(exclusive = false, heading = "%nServing:%n")
  private BenchServing serving;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads for the operations of a step or a call. Default: all cores.")
  private Integer numThreads;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write the figures as JSON too.")
  private Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if ((serving == null) == (training == null)) {
      throw new ParameterException(
          spec.commandLine(),
          serving == null
              ? "what to measure? Training: --shape, --preset or --config. Serving: --serving"
              : "--serving measures by itself; leave out the options of training");
    }
    if (numThreads != null && numThreads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads must be at least 1, got " + numThreads);
    }
    if (json != null) {
      WholeJson.requireFile(json);
    }
    Optional<Record> figures =
        training == null
            ? Optional.of(serve())
            : training.run(spec, Optional.ofNullable(numThreads), json != null);
    if (json != null) {
      figures.ifPresent(record -> WholeJson.write(json, record));
    }
    return 0;
  }

  private ServingSpeed serve() {
    int numCpus = Runtime.getRuntime().availableProcessors();
    ServingSpeed speed = serving.measure(spec, numThreads == null ? numCpus : numThreads);
    serving.print(speed, spec.commandLine().getOut());
    return speed;
  }
}
