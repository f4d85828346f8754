package org.tiedbert.cli;

import java.time.Duration;

/** Numbers as people read them. */
final class Readable {
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
