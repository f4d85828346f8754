package org.tiedbert.report;

import java.nio.file.Files;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.eval.GlueResults;

/**
 * What became of a run.
 *
 * @param state {@code finished}, {@code running} or {@code stopped}
 * @param sentence the same with numbers
 */
record Status(String state, String sentence) {
  private static final String RESULT = "result.json";

  static Status of(RunContents run) {
    return switch (run.kind()) {
      case PRE_TRAINING -> ofPreTraining(run);
      case FINE_TUNING -> ofFineTuning(run);
      case GLUE -> ofGlue(run);
    };
  }

  private static Status ofPreTraining(RunContents run) {
    long total = Stages.of(run.settings(), run.metrics(), run.state()).totalSteps();
    long saved = run.state().map(TrainingState::step).orElse(0L);
    long last = Math.max(run.metrics().lastStep(), saved);
    String at = "step %s of %s".formatted(Numbers.count(last), total(run, total));
    if (run.beingWritten()) {
      return new Status("running", "Being written at this moment, at %s.".formatted(at));
    }
    if (run.state().isPresent() && saved == total && total > 0) {
      return new Status("finished", "Finished after %s.".formatted(Numbers.of(total, "step")));
    }
    String newest =
        run.state().isPresent()
            ? "the newest checkpoint is that of step " + Numbers.count(saved)
            : "there is no checkpoint";
    return new Status("stopped", "Stopped at %s; %s.".formatted(at, newest));
  }

  /** Under a budget of time the plan is not known to the end. */
  private static String total(RunContents run, long total) {
    Optional<String> budget = run.settings().text("maxDuration");
    String steps = total == 0 ? "an unknown number" : Numbers.count(total);
    return budget
        .map(time -> "%s or what a budget of %s holds".formatted(steps, time))
        .orElse(steps);
  }

  private static String inWords(String duration) {
    try {
      return Numbers.duration(Duration.parse(duration).toSeconds());
    } catch (DateTimeParseException e) {
      return duration;
    }
  }

  private static Status ofGlue(RunContents run) {
    int done = run.glue().map(GlueResults::numDone).orElse(0);
    String cells = run.glue().map(glue -> Numbers.of(glue.numCells(), "cell")).orElse("the cells");
    String state = "%s of %s done".formatted(Numbers.count(done), cells);
    if (run.beingWritten()) {
      return new Status("running", "Being trained at this moment, %s.".formatted(state));
    }
    return run.glue().map(GlueResults::areComplete).orElse(false)
        ? new Status("finished", "Finished, %s.".formatted(state))
        : new Status("stopped", "Stopped with %s.".formatted(state));
  }

  /** What is left when it is done is its result. */
  private static Status ofFineTuning(RunContents run) {
    String at = "step " + Numbers.count(run.metrics().lastStep());
    if (run.beingWritten()) {
      return new Status("running", "Being written at this moment, at %s.".formatted(at));
    }
    return Files.exists(run.run().path().resolve(RESULT))
        ? new Status("finished", "Finished after %s.".formatted(at))
        : new Status("stopped", "Stopped at %s.".formatted(at));
  }
}
