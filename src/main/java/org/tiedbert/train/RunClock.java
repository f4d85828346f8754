package org.tiedbert.train;

import com.google.common.primitives.Doubles;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.tiedbert.cluster.Workers;
import org.tiedbert.stage.ScheduleFit;
import org.tiedbert.stage.StageCost;
import org.tiedbert.stage.StagePlan;

/** The time that a run has taken, over all its processes, and its plan fitted to the budget. */
final class RunClock {
  private final Budget budget;
  private final StageCost cost;
  private final Workers workers;
  private final long startNanos = System.nanoTime();
  private double secondsBefore;
  private long openingNanos;
  private Duration opening = Duration.ZERO;

  /** What decides on a fit; the chief's, so that all workers come to the same. */
  private record Times(double secondsPerStep, Duration elapsed, Duration opening) {}

  RunClock(Budget budget, StageCost cost, Workers workers) {
    this.budget = budget;
    this.cost = cost;
    this.workers = workers;
  }

  /**
   * @param seconds that earlier processes took
   */
  void continueFrom(double seconds) {
    secondsBefore = seconds;
  }

  boolean isLimited() {
    return !budget.isNone();
  }

  /** A stage begins to be built. */
  void opening() {
    openingNanos = System.nanoTime();
  }

  /** It is built; only where nothing was measured before is this how long it takes. */
  void opened() {
    if (opening.isZero()) {
      opening = Duration.ofNanos(System.nanoTime() - openingNanos);
    }
  }

  double seconds() {
    return elapsed().toNanos() / 1e9;
  }

  /** Fits what is left of the plan, at the start of a stage that was just built and measured. */
  ScheduleFit fit(StagePlan plan, long step, double secondsPerStep) {
    opening = Duration.ofNanos(System.nanoTime() - openingNanos);
    Times times = chiefs(secondsPerStep);
    return budget.fit(plan, step, times.secondsPerStep(), cost, times.elapsed(), times.opening());
  }

  /** A new fit, where the pace turned out to be another and anything can be done about it. */
  Optional<ScheduleFit> fitAgain(StagePlan plan, long step, double secondsPerStep) {
    if (budget.isNone()) {
      return Optional.empty();
    }
    Times times = chiefs(secondsPerStep);
    double seconds = times.secondsPerStep();
    if (!budget.isMissed(plan, step, seconds, cost, times.elapsed(), times.opening())) {
      return Optional.empty();
    }
    ScheduleFit fit = budget.fit(plan, step, seconds, cost, times.elapsed(), times.opening());
    return Optional.of(fit).filter(made -> !made.applyTo(plan).equals(plan));
  }

  private Times chiefs(double secondsPerStep) {
    ByteBuffer own = ByteBuffer.allocate(Doubles.BYTES + 2 * Long.BYTES);
    own.putDouble(secondsPerStep).putLong(elapsed().toNanos()).putLong(opening.toNanos());
    ByteBuffer times = ByteBuffer.wrap(workers.fromChief(own.array()));
    return new Times(
        times.getDouble(), Duration.ofNanos(times.getLong()), Duration.ofNanos(times.getLong()));
  }

  private Duration elapsed() {
    return Duration.ofNanos((long) (secondsBefore * 1e9) + System.nanoTime() - startNanos);
  }
}
