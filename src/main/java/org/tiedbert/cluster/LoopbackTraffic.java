package org.tiedbert.cluster;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** What this machine has sent to itself so far, all programs together. */
public final class LoopbackTraffic {
  private static final Path INTERFACES = Path.of("/proc/net/dev");
  private static final String LOOPBACK = "lo:";

  /** Behind the name: eight numbers of what was received, the first being bytes, then of sent. */
  private static final int SENT_BYTES = 9;

  private static final Splitter COLUMNS = Splitter.onPattern("\\s+").trimResults();

  private LoopbackTraffic() {}

  /** In bytes, with TCP's own; empty where the system does not tell, which Linux alone does. */
  public static OptionalLong sentBytes() {
    return sentBytes(INTERFACES);
  }

  static OptionalLong sentBytes(Path interfaces) {
    try {
      for (String line : Files.readAllLines(interfaces)) {
        List<String> columns = COLUMNS.splitToList(line.strip().replace(":", ": "));
        if (columns.get(0).equals(LOOPBACK) && columns.size() > SENT_BYTES) {
          return OptionalLong.of(Long.parseLong(columns.get(SENT_BYTES)));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // not a Linux that tells it
    }
    return OptionalLong.empty();
  }
}
