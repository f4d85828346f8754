package org.tiedbert.chart;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Locale;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.TickUnits;

/** Distances of ticks and what these say, the same in every country. */
final class Ticks {
  private static final int[] STEPS = {1, 2, 5};
  private static final int MAX_POWER = 30;

  private Ticks() {}

  /** 1, 2 and 5 times powers of ten. */
  static TickUnits units(boolean whole) {
    TickUnits units = new TickUnits();
    for (int power = whole ? 0 : -MAX_POWER; power <= MAX_POWER; power++) {
      for (int step : STEPS) {
        units.add(new Unit(Double.parseDouble(step + "e" + power), power));
      }
    }
    return units;
  }

  /** A distance whose ticks have as many places as tell them apart. */
  @SuppressWarnings("serial") // no chart is serialized
  private static final class Unit extends NumberTickUnit {
    private final boolean isPlain;

    Unit(double size, int power) {
      super(size, format(isPlain(power) ? plain(power) : "0.#####E0"), 0);
      isPlain = isPlain(power);
    }

    private static boolean isPlain(int power) {
      return power >= -4 && power <= 6;
    }

    private static String plain(int power) {
      return "#,##0" + (power < 0 ? "." + "0".repeat(-power) : "");
    }

    @Override
    public String valueToString(double value) {
      boolean isZero = Math.abs(value) < 1e-6 * getSize(); // a sum of steps may miss it
      return isZero && !isPlain ? "0" : super.valueToString(isZero ? 0 : value);
    }
  }

  private static NumberFormat format(String pattern) {
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
    symbols.setMinusSign('\u2212');
    return new DecimalFormat(pattern, symbols);
  }
}
