package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tiedbert.cluster.ClusterSpec;
import org.tiedbert.text.InputException;

class SteppedGroupTest {
  /** The first one would wait for the other for ever. */
  @Test
  void namesTheOneThatEndsBeforeAllHaveMet() {
    assertThatThrownBy(() -> new SteppedGroup(2, SteppedGroupTest::process))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("worker 1 of 2 ended with status 2 while it was measured");
  }

  private static WorkerProcess process(Optional<ClusterSpec> cluster) {
    List<String> wrong = List.of("bench", "--shape=wrong", "--turns");
    List<String> right =
        List.of("bench", "--shape=1,2,1,20", "--vocab-size=40", "--batch=2", "--turns");
    boolean isFirst = cluster.orElseThrow().worker() == 0;
    return new WorkerProcess(isFirst ? right : wrong, cluster, 1, 2);
  }
}
