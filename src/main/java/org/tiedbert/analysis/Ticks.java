package org.tiedbert.analysis;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Where an axis has ticks, and what they say.
 *
 * @param values ascending
 * @param labels one for each
 */
record Ticks(double[] values, List<String> labels) {
  private static final double[] STEPS = {1, 2, 5, 10};
  private static final double[][] WITHIN_DECADE = {{1}, {1, 3}, {1, 2, 5}, {1, 2, 3, 5, 7}};

  /**
   * @param most about as many at most
   */
  static Ticks of(Axis.Range range, Axis.Scale scale, int most) {
    if (scale == Axis.Scale.LOG) {
      double[] values = logarithmic(range, most);
      if (values.length >= 3) {
        return new Ticks(values, DoubleStream.of(values).mapToObj(Ticks::number).toList());
      }
    }
    double step = step((range.to() - range.from()) / most);
    if (scale == Axis.Scale.WHOLE) {
      step = Math.max(1, step);
    }
    return linear(range, step);
  }

  /** The smallest of 1, 2 and 5 times a power of ten that is as large as given. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double multiple : STEPS) {
      if (multiple * power >= least * (1 - 1e-9)) {
        return multiple * power;
      }
    }
    return 10 * power;
  }

  private static Ticks linear(Axis.Range range, double step) {
    long first = (long) Math.ceil(range.from() / step - 1e-9);
    long last = (long) Math.floor(range.to() / step + 1e-9);
    List<Double> values = new ArrayList<>();
    for (long i = first; i <= last; i++) {
      values.add(i * step);
    }
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
    double largest = DoubleStream.of(all).map(Math::abs).max().orElse(0);
    return new Ticks(
        all,
        DoubleStream.of(all)
            .mapToObj(
                value ->
                    largest >= 1e7 || decimals > 4
                        ? number(value)
                        : format("#,##0" + (decimals > 0 ? "." : "") + "0".repeat(decimals), value))
            .toList());
  }

  /** At powers of ten and, if there are few of these, between them. */
  private static double[] logarithmic(Axis.Range range, int most) {
    double[] chosen = {};
    for (double[] multiples : WITHIN_DECADE) {
      double[] values = logarithmic(range, multiples);
      if (values.length <= most) {
        chosen = values;
      }
    }
    return chosen;
  }

  private static double[] logarithmic(Axis.Range range, double[] multiples) {
    List<Double> values = new ArrayList<>();
    int first = (int) Math.floor(Math.log10(range.from()));
    int last = (int) Math.ceil(Math.log10(range.to()));
    for (int decade = first; decade <= last; decade++) {
      for (double multiple : multiples) {
        double value = Double.parseDouble((int) multiple + "e" + decade);
        if (value >= range.from() && value <= range.to()) {
          values.add(value);
        }
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** With the places that it has, up to five after the point. */
  static String number(double value) {
    double size = Math.abs(value);
    boolean plain = size < 1e-15 || size >= 1e-4 && size < 1e7;
    return format(plain ? "#,##0.#####" : "0.##E0", value);
  }

  private static String format(String pattern, double value) {
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
    symbols.setMinusSign('\u2212');
    DecimalFormat format = new DecimalFormat(pattern, symbols);
    return format.format(Math.abs(value) < 1e-15 ? 0 : value);
  }
}
