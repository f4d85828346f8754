package org.tiedbert.engine;

import com.google.common.base.Splitter;
import com.google.common.primitives.Longs;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** What this machine has sent to itself so far, all programs together. */
public final class LoopbackTraffic {
  private static final Path INTERFACES = Path.of("/proc/net/dev");
  private static final String LOOPBACK = "lo";

  /** Behind the eight numbers of what was received. */
  private static final int SENT_BYTES = 8;

  private static final Splitter NUMBERS = Splitter.on(' ').omitEmptyStrings();

  private LoopbackTraffic() {}

  /** In bytes, with TCP's own; empty where the system does not tell, which Linux alone does. */
  public static OptionalLong sentBytes() {
    return sentBytes(INTERFACES);
  }

  static OptionalLong sentBytes(Path interfaces) {
    List<String> numbers =
        Environment.field(interfaces, LOOPBACK).map(NUMBERS::splitToList).orElse(List.of());
    Long sent = numbers.size() > SENT_BYTES ? Longs.tryParse(numbers.get(SENT_BYTES)) : null;
    return sent == null ? OptionalLong.empty() : OptionalLong.of(sent);
  }
}
