package org.tiedbert.cli;

import java.time.Duration;

/** Numbers as people read them. */
final class Readable {
  private static final String PREFIXES = " kMGTPE";

  private Readable() {}

  /** {@code 4.2 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
  static String duration(Duration duration) {
    if (duration.toSeconds() < 60) {
      String pattern = duration.toSeconds() < 10 ? "%.1f s" : "%.0f s";
      return pattern.formatted(duration.toMillis() / 1e3);
    }
    return duration.toHours() == 0
        ? "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart())
        : "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart());
  }

  /**
   * With three digits where it is short: {@code 4.27 ms}, {@code 1.35 s}, {@code 11.4 s}, {@code 3
   * min 20 s}.
   */
  static String seconds(double seconds) {
    if (seconds < 10) {
      return seconds < 1 ? "%.3g ms".formatted(seconds * 1e3) : "%.2f s".formatted(seconds);
    }
    return seconds < 60
        ? "%.1f s".formatted(seconds)
        : duration(Duration.ofMillis((long) (seconds * 1e3)));
  }

  /** In powers of a thousand: {@code 4.27 M}, {@code 12.3 T}. */
  static String count(double number) {
    double mantissa = number;
    int power = 0;
    while (mantissa >= 999.5 && power < PREFIXES.length() - 1) {
      mantissa /= 1000;
      power++;
    }
    return "%.3g %s".formatted(mantissa, PREFIXES.charAt(power)).strip();
  }

  /** In units of a thousand: {@code 12.3 MB}. */
  static String bytes(long bytes) {
    if (bytes < 1_000_000) {
      return "%.1f kB".formatted(bytes / 1e3);
    }
    return bytes < 1_000_000_000
        ? "%.1f MB".formatted(bytes / 1e6)
        : "%.1f GB".formatted(bytes / 1e9);
  }
}
