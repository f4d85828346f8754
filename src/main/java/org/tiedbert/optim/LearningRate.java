package org.tiedbert.optim;

/**
 * Learning rate η as a pure function of the step t, counted from 0. In every variant with a warm-up
 * of w steps, η(t) = peak · t/w for t &lt; w, so the very first step moves nothing, as in BERT.
 */
public sealed interface LearningRate {

  /**
   * @param step t, at least 0; any step may be asked for, also past the end of the schedule
   * @return η(t), finite and at least 0
   */
  double at(long step);

  /** η(t) = peak. */
  record Constant(double peak) implements LearningRate {
    public Constant {
      requireRate("peak", peak);
    }

    @Override
    public double at(long step) {
      return peak;
    }
  }

  /** Warm-up, then η(t) = peak. */
  record WarmupConstant(double peak, long warmupSteps) implements LearningRate {
    public WarmupConstant {
      requireRate("peak", peak);
      requireWarmup(warmupSteps, Long.MAX_VALUE);
    }

    @Override
    public double at(long step) {
      return step < warmupSteps ? warmup(peak, step, warmupSteps) : peak;
    }
  }

  /** Warm-up, then η(t) = peak · (T − t)/(T − w), 0 from T on; needs 0 ≤ w &lt; T. */
  record WarmupLinearDecay(double peak, long warmupSteps, long totalSteps) implements LearningRate {
    public WarmupLinearDecay {
      requireRate("peak", peak);
      requireWarmup(warmupSteps, totalSteps);
    }

    @Override
    public double at(long step) {
      return step < warmupSteps
          ? warmup(peak, step, warmupSteps)
          : peak * left(step, warmupSteps, totalSteps);
    }
  }

  /**
   * Warm-up, then η(t) = end + (peak − end) · ((T − t)/(T − w))^power, {@code end} from T on; needs
   * 0 ≤ w &lt; T, power &gt; 0 and end ≤ peak.
   */
  record WarmupPolynomialDecay(
      double peak, long warmupSteps, long totalSteps, double power, double end)
      implements LearningRate {
    public WarmupPolynomialDecay {
      requireRate("peak", peak);
      requireRate("end", end);
      requireWarmup(warmupSteps, totalSteps);
      if (!(power > 0) || Double.isInfinite(power)) {
        throw new IllegalArgumentException("power must be above 0, got %s".formatted(power));
      }
      if (end > peak) {
        throw new IllegalArgumentException(
            "end must be at most peak, got end=%s and peak=%s".formatted(end, peak));
      }
    }

    @Override
    public double at(long step) {
      return step < warmupSteps
          ? warmup(peak, step, warmupSteps)
          : end + (peak - end) * Math.pow(left(step, warmupSteps, totalSteps), power);
    }
  }

  /**
   * Warm-up, then η(t) = peak · (1 + cos(π · (t − w)/(T − w)))/2, 0 from T on (Loshchilov and
   * Hutter 2017, SGDR, eq. 5, without restarts); needs 0 ≤ w &lt; T.
   */
  record WarmupCosineDecay(double peak, long warmupSteps, long totalSteps) implements LearningRate {
    public WarmupCosineDecay {
      requireRate("peak", peak);
      requireWarmup(warmupSteps, totalSteps);
    }

    @Override
    public double at(long step) {
      if (step < warmupSteps) {
        return warmup(peak, step, warmupSteps);
      }
      double done = 1 - left(step, warmupSteps, totalSteps);
      return peak * (1 + Math.cos(Math.PI * done)) / 2;
    }
  }

  /**
   * η(t) = schedule(t − firstStep): a schedule that begins at a later step; its start before that.
   */
  record StartingAt(long firstStep, LearningRate schedule) implements LearningRate {
    public StartingAt {
      if (firstStep < 0) {
        throw new IllegalArgumentException(
            "firstStep must be at least 0, got %d".formatted(firstStep));
      }
    }

    @Override
    public double at(long step) {
      return schedule.at(Math.max(0, step - firstStep));
    }
  }

  /**
   * A schedule of which the steps from {@code from} to {@code to} are run through, at an even pace,
   * in the steps {@code firstStep} to {@code lastStep} (last and to exclusive): the same curve over
   * another number of steps. With s = (to − from)/(lastStep − firstStep), η(t) = schedule(from + (t
   * − firstStep) · s), linear between the schedule's own steps. Before and after, it runs at its
   * own pace.
   */
  record Resampled(LearningRate schedule, long firstStep, long lastStep, long from, long to)
      implements LearningRate {
    public Resampled {
      if (firstStep < 0 || lastStep <= firstStep || from < 0 || to < from) {
        throw new IllegalArgumentException(
            "needs 0 <= firstStep < lastStep and 0 <= from <= to, got %d, %d and %d, %d"
                .formatted(firstStep, lastStep, from, to));
      }
    }

    @Override
    public double at(long step) {
      if (step <= firstStep) {
        return schedule.at(Math.max(0, from - (firstStep - step)));
      }
      if (step >= lastStep) {
        return schedule.at(to + (step - lastStep));
      }
      double place = from + (double) (step - firstStep) * (to - from) / (lastStep - firstStep);
      long below = (long) Math.floor(place);
      double beyond = place - below;
      return (1 - beyond) * schedule.at(below) + beyond * schedule.at(below + 1);
    }
  }

  private static double warmup(double peak, long step, long warmupSteps) {
    return peak * step / warmupSteps;
  }

  /** The share of the decay that is left: 1 at w, 0 from T on. */
  private static double left(long step, long warmupSteps, long totalSteps) {
    return (double) Math.max(0, totalSteps - step) / (totalSteps - warmupSteps);
  }

  private static void requireRate(String name, double rate) {
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(
          "%s must be a finite rate of at least 0, got %s".formatted(name, rate));
    }
  }

  private static void requireWarmup(long warmupSteps, long totalSteps) {
    if (warmupSteps < 0 || warmupSteps >= totalSteps) {
      throw new IllegalArgumentException(
          "needs 0 <= warmupSteps < totalSteps, got warmupSteps=%d and totalSteps=%d"
              .formatted(warmupSteps, totalSteps));
    }
  }
}
