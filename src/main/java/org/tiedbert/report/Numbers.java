package org.tiedbert.report;

import java.util.Locale;

/** Numbers as the page has them. */
final class Numbers {
  private static final String MISSING = "–";

  private Numbers() {}

  /** {@code 12,345}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 4.27 M}, in powers of a thousand and three digits. */
  static String rough(double number) {
    String[] prefixes = {"", " k", " M", " G", " T", " P"};
    double mantissa = number;
    int power = 0;
    while (mantissa >= 999.5 && power < prefixes.length - 1) {
      mantissa /= 1000;
      power++;
    }
    return digits(mantissa) + prefixes[power];
  }

  private static String digits(double mantissa) {
    String pattern = mantissa >= 99.95 ? "%.0f" : mantissa >= 9.995 ? "%.1f" : "%.2f";
    return trimmed(String.format(Locale.ROOT, pattern, mantissa));
  }

  private static String trimmed(String text) {
    return text.replaceFirst("\\.0+$", "");
  }

  /** With a fixed number of decimals; a dash for what is no number. */
  static String decimal(double number, int decimals) {
    return Double.isFinite(number)
        ? String.format(Locale.ROOT, "%." + decimals + "f", number)
        : MISSING;
  }

  /** A share in [0, 1] as {@code 12.3 %}. */
  static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : MISSING;
  }

  /** {@code 2.5e-4}, {@code 0.01}: at most three digits. */
  static String small(double number) {
    if (!Double.isFinite(number)) {
      return MISSING;
    }
    if (number == 0) {
      return "0";
    }
    if (Math.abs(number) >= 0.01 && Math.abs(number) < 1000) {
      String text = String.format(Locale.ROOT, "%.3f", number);
      return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    String text = String.format(Locale.ROOT, "%.2e", number);
    return text.replaceAll("\\.?0*e", "e").replaceAll("e([+-])0", "e$1").replace("e+", "e");
  }

  /** {@code 4.2 s}, {@code 3 min 20 s}, {@code 2 h 5 min}, {@code 3 d 4 h}. */
  static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return MISSING;
    }
    if (seconds < 59.5) {
      return String.format(Locale.ROOT, seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 3600) {
      return "%d min %d s".formatted(whole / 60, whole % 60);
    }
    long minutes = Math.round(seconds / 60);
    return minutes < 48 * 60
        ? "%d h %d min".formatted(minutes / 60, minutes % 60)
        : "%d d %d h".formatted(minutes / (24 * 60), minutes / 60 % 24);
  }

  /** In powers of a thousand: {@code 12.3 MB}. */
  static String bytes(long bytes) {
    return rough(bytes) + (bytes < 999.5 ? " B" : "B");
  }

  /** {@code 1 step}, {@code 1,200 steps}. */
  static String of(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }
}
