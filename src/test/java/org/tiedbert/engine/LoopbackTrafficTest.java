package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackTrafficTest {
  private static final String HEAD =
      "Inter-|   Receive                                                |  Transmit\n"
          + " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs"
          + " drop fifo colls carrier compressed\n";

  @TempDir Path folder;

  @Test
  void readsWhatLoopbackHasSent() throws IOException {
    String loopback = "    lo: 11 12 0 0 0 0 0 0 4096 22 0 0 0 0 0 0\n";
    String other = "  eth0: 31 32 0 0 0 0 0 0 41 42 0 0 0 0 0 0\n";
    assertThat(sentBytes(HEAD + other + loopback)).hasValue(4096);
    assertThat(sentBytes(HEAD + "    lo:11 12 0 0 0 0 0 0 77 22 0 0 0 0 0 0\n")).hasValue(77);
    assertThat(sentBytes(HEAD + other)).isEmpty();
    assertThat(sentBytes(HEAD + "    lo: 1 2\n")).isEmpty();
    assertThat(LoopbackTraffic.sentBytes(folder.resolve("none"))).isEmpty();
  }

  @Test
  void countsWhatThisMachineSendsToItself() throws IOException {
    OptionalLong before = LoopbackTraffic.sentBytes();
    assumeThat(before).isPresent();
    byte[] bytes = new byte[1 << 20];
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket sender = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket receiver = server.accept();
        InputStream in = receiver.getInputStream()) {
      Thread sending =
          new Thread(
              () -> {
                try {
                  sender.getOutputStream().write(bytes);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      sending.start();
      assertThat(in.readNBytes(bytes.length)).hasSize(bytes.length);
    }
    assertThat(LoopbackTraffic.sentBytes().orElseThrow() - before.orElseThrow())
        .isBetween((long) bytes.length, 2L * bytes.length - 1); // with a little of others
  }

  private OptionalLong sentBytes(String interfaces) throws IOException {
    return LoopbackTraffic.sentBytes(Files.writeString(folder.resolve("dev"), interfaces));
  }
}
