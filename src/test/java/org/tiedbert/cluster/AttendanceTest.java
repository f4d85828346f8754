package org.tiedbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttendanceTest {
  @Test
  void isLostForAsLongAsItHasBeenMissing() throws Exception {
    // given: worker 1 is there, worker 2 has gone
    try (ServerSocket there = new ServerSocket(0)) {
      String present = "127.0.0.1:" + there.getLocalPort();
      List<String> addresses = List.of("127.0.0.1:1", present, gone());
      try (Attendance attendance = new Attendance(new ClusterSpec(addresses, 0))) {
        assertThat(attendance.lost(Duration.ZERO)).isEmpty(); // it has not looked yet
        // when
        assertThat(attendance.lost()).containsExactly(2);
        Thread.sleep(50);
        // then
        assertThat(attendance.lost(Duration.ofMillis(50))).containsExactly(2);
        assertThat(attendance.lost(Duration.ofHours(1))).isEmpty();
      }
    }
  }

  private static String gone() throws IOException {
    return ClusterSpec.freeLocalAddresses(1).get(0);
  }
}
