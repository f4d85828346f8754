package org.tiedbert.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.tensorflow.Operation;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;
import org.tiedbert.batch.Batch;

/** Runs of parts of one step, and of all of it under a trace. */
final class StepParts {
  private static final String NOISE_SCOPE = "noise/";
  private static final RunOptions FULL_TRACE =
      RunOptions.newBuilder().setTraceLevel(RunOptions.TraceLevel.FULL_TRACE).build();

  private final StageSession session;
  private final Batch batch;
  private final long step;

  StepParts(StageSession session, Batch batch, long step) {
    this.session = session;
    this.batch = batch;
    this.step = step;
  }

  /** Makes the tensors of each micro-batch; takes its number and what to run with them. */
  void forEachMicroBatch(ObjIntConsumer<Session.Runner> run) {
    for (int i = 0; i < session.numMicroBatches(batch); i++) {
      try (Feeding feeding = session.microBatch(batch, i, step)) {
        run.accept(feeding.runner(), i);
      }
    }
  }

  /** Draws the noise of the batch, and nothing else. */
  void noise() {
    List<Operation> noise = operationsIn(NOISE_SCOPE);
    forEachMicroBatch(
        (runner, number) -> {
          noise.forEach(runner::addTarget);
          runner.run().close();
        });
  }

  private List<Operation> operationsIn(String scope) {
    List<Operation> found = new ArrayList<>();
    session
        .graph()
        .graph()
        .operations()
        .forEachRemaining(
            operation -> {
              if (operation.name().startsWith(scope)) {
                found.add(operation);
              }
            });
    return found;
  }

  /** Takes the step with a clock at every operation, which makes it slower. */
  StepTrace trace(double learningRate, double maxNorm) {
    TrainGraph graph = session.graph();
    StepTrace.Builder trace = new StepTrace.Builder();
    forEachMicroBatch(
        (runner, number) ->
            trace.add(
                traced(
                    runner
                        .addTarget(number == 0 ? graph.own().set() : graph.own().add())
                        .fetch(graph.metrics()))));
    trace.add(traced(session.runner().fetch(graph.clip().globalNorm())));
    try (Feeding feeding = session.feedUpdate(step, learningRate, Math.min(1, maxNorm))) {
      trace.add(traced(feeding.runner().addTarget(graph.update())));
    }
    return trace.build();
  }

  private static RunMetadata traced(Session.Runner runner) {
    try (Result result = runner.setOptions(FULL_TRACE).runAndFetchMetadata()) {
      return result.getMetadata().orElseThrow();
    }
  }
}
