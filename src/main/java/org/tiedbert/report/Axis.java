package org.tiedbert.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One axis of a chart: the range it shows and where its ticks are, at multiples of 1, 2 or 5 times
 * a power of ten.
 */
record Axis(double from, double to, List<Double> ticks) {
  private static final double[] STEPS = {1, 2, 5, 10};

  /** Around values of which at least one is finite; equal ones get some room. */
  static Axis around(double min, double max, int numTicks) {
    double room = max > min ? 0 : Math.max(Math.abs(max), 1e-9) / 10;
    double low = min - room;
    double high = max + room;
    double rough = (high - low) / numTicks;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = 10 * power;
    for (int i = STEPS.length - 1; i >= 0; i--) {
      step = STEPS[i] * power >= rough ? STEPS[i] * power : step;
    }
    double from = Math.floor(low / step + 1e-9) * step;
    double to = Math.ceil(high / step - 1e-9) * step;
    List<Double> ticks = new ArrayList<>();
    long number = Math.round((to - from) / step);
    for (long i = 0; i <= number; i++) {
      ticks.add((Math.round(from / step) + i) * step);
    }
    return new Axis(from, to, ticks);
  }

  /** For counts from one to another: ends with them, and has ticks at whole numbers alone. */
  static Axis ofCounts(double min, double max, int numTicks) {
    double end = Math.max(max, min + 1);
    List<Double> ticks =
        around(min, end, numTicks).ticks.stream()
            .filter(tick -> tick >= min && tick <= end && tick == Math.rint(tick))
            .toList();
    return new Axis(min, end, ticks);
  }

  /** Place of a value on a line from {@code start} to {@code end}. */
  double place(double value, double start, double end) {
    return start + (value - from) / (to - from) * (end - start);
  }

  /** A tick's label, with as many digits as tell the ticks apart. */
  String label(double tick) {
    double step = ticks.size() > 1 ? ticks.get(1) - ticks.get(0) : Math.abs(to - from);
    double largest = Math.max(Math.abs(from), Math.abs(to));
    if (tick == 0) {
      return "0";
    }
    if (largest >= 10_000) { // such as 20k
      return Numbers.rough(tick).replace(" ", "");
    }
    if (largest < 0.01) {
      return Numbers.small(tick);
    }
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return String.format(Locale.ROOT, "%." + decimals + "f", tick);
  }
}
