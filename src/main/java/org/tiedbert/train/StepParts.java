package org.tiedbert.train;

import java.util.function.ObjIntConsumer;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.RunOptions;
import org.tiedbert.batch.Batch;

/** Runs of parts of one step, and of all of it under a trace. */
final class StepParts {
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
    forEachMicroBatch((runner, number) -> session.graph().noise().addTo(runner).run().close());
  }

  /** Takes the step with a clock at every operation, which makes it slower. */
  StepTrace trace(StageSession.Update update) {
    StepTrace.Builder trace = new StepTrace.Builder();
    session.step(batch, step, update, runner -> traced(runner, trace));
    return trace.build();
  }

  private static Result traced(Session.Runner runner, StepTrace.Builder trace) {
    Result result = runner.setOptions(FULL_TRACE).runAndFetchMetadata();
    trace.add(result.getMetadata().orElseThrow());
    return result;
  }
}
