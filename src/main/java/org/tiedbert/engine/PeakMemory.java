package org.tiedbert.engine;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory that this process has had resident so far, heap and native together. */
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern KIBIBYTES = Pattern.compile("(\\d{1,15}) kB");

  private PeakMemory() {}

  /** In bytes; empty where the system does not tell, which Linux alone does. */
  public static OptionalLong bytes() {
    return bytes(STATUS);
  }

  static OptionalLong bytes(Path status) {
    Matcher peak = KIBIBYTES.matcher(Environment.field(status, "VmHWM").orElse(""));
    return peak.matches()
        ? OptionalLong.of(Long.parseLong(peak.group(1)) << 10)
        : OptionalLong.empty();
  }
}
