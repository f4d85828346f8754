package org.tiedbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.text.InputException;

/** Three workers, as threads of this process, each with a server of its own. */
class WorkerGroupTest {
  private static final int NUM_WORKERS = 3;
  private static final EngineConfig ENGINE =
      new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, 1);

  private static final ExecutorService THREADS = Executors.newFixedThreadPool(NUM_WORKERS);
  private static final List<WorkerGroup> GROUPS = new ArrayList<>();

  @BeforeAll
  static void meet() throws Exception {
    GROUPS.addAll(groups(Precision.FLOAT32));
    assertThat(onAll(group -> group.meet(note -> {}))).containsOnly(true);
  }

  @AfterAll
  static void close() {
    GROUPS.forEach(WorkerGroup::close);
    THREADS.shutdownNow();
  }

  private static List<WorkerGroup> groups(Precision gradients) throws IOException {
    List<String> addresses = ClusterSpec.freeLocalAddresses(NUM_WORKERS);
    ClusterConfig config =
        new ClusterConfig(List.of(), false, Optional.of(Duration.ofSeconds(60)), gradients);
    List<WorkerGroup> groups = new ArrayList<>();
    for (int worker = 0; worker < NUM_WORKERS; worker++) {
      groups.add(new WorkerGroup(new ClusterSpec(addresses, worker), config, ENGINE, lost -> {}));
    }
    return groups;
  }

  private static <T> List<T> onAll(Function<WorkerGroup, T> call) throws Exception {
    return onAll(GROUPS, call);
  }

  private static <T> List<T> onAll(List<WorkerGroup> groups, Function<WorkerGroup, T> call)
      throws Exception {
    List<Future<T>> calls =
        groups.stream().map(group -> THREADS.submit(() -> call.apply(group))).toList();
    List<T> results = new ArrayList<>();
    for (Future<T> running : calls) {
      results.add(running.get());
    }
    return results;
  }

  @Test
  void sumsAreThoseOfAll() throws Exception {
    // given: 1 + 2 + 3, and 0.1 + 0.2 + 0.3, again and again
    for (int time = 0; time < 3; time++) {
      for (double[] sum : onAll(g -> g.sum(new double[] {g.index() + 1, 0.1 * (g.index() + 1)}))) {
        assertThat(sum[0]).isEqualTo(6);
        assertThat(sum[1]).isBetween(0.6 - 1e-15, 0.6 + 1e-15);
      }
    }
  }

  @Test
  void messagesOfAnyLengthComeFromTheChief() throws Exception {
    for (int length : new int[] {0, 1, 4091, 4092, 4093, 8184, 20_000}) {
      byte[] chiefs = new byte[length];
      for (int i = 0; i < length; i++) {
        chiefs[i] = (byte) (31 * i + length);
      }
      for (byte[] message :
          onAll(group -> group.fromChief(group.isChief() ? chiefs : new byte[] {7}))) {
        assertThat(message).isEqualTo(chiefs);
      }
    }
  }

  @Test
  void anybodyMayAskToStopAndAllKnowAtTheSameTime() throws Exception {
    // given
    List<WorkerGroup> others = groups(Precision.FLOAT32);
    onAll(others, group -> group.meet(note -> {}));
    onAll(others, group -> group.sum(new double[] {1}));
    // when
    others.get(2).requestStop();
    // then
    assertThat(others).noneMatch(WorkerGroup::isStopRequested);
    onAll(others, group -> group.sum(new double[] {1}));
    assertThat(others).allMatch(WorkerGroup::isStopRequested);
    others.forEach(WorkerGroup::close);
  }

  @Test
  void operationsInAGraphSumAndTakeFromTheChief() throws Exception {
    List<float[]> results = onAll(group -> run(group, worker -> new float[] {worker, 1, 0.5f}));
    for (float[] result : results) {
      assertThat(result).containsExactly(0 + 1 + 2, 3, 1.5f, 0, 1, 0.5f);
    }
  }

  @Test
  void gradientsMayBeSentInHalfTheBytes() throws Exception {
    // given: 1 + 2⁻⁷ is a bfloat16, 1 + 2⁻⁹ is rounded to 1
    List<WorkerGroup> others = groups(Precision.BFLOAT16);
    onAll(others, group -> group.meet(note -> {}));
    // when
    List<float[]> results =
        onAll(others, g -> run(g, worker -> new float[] {1 + 0x1p-7f, 1 + 0x1p-9f, 1}));
    // then: 3 + 3·2⁻⁷ needs nine bits, 3 + 2·2⁻⁷ and 3 + 4·2⁻⁷ are its neighbours
    for (float[] result : results) {
      assertThat(result[0]).isIn(3 + 0x1p-6f, 3 + 0x1p-5f);
      assertThat(result[1]).isEqualTo(3);
      assertThat(Arrays.copyOfRange(result, 3, 6)).containsExactly(1 + 0x1p-7f, 1 + 0x1p-9f, 1);
    }
    // then: 2·(3−1)/3 of two bytes each, and of four
    assertThat(others.get(0).sentBytes(300)).isEqualTo(800);
    assertThat(GROUPS.get(0).sentBytes(300)).isEqualTo(1600);
    others.forEach(WorkerGroup::close);
  }

  /** The sum of all workers' values, then the chief's. */
  private static float[] run(WorkerGroup group, IntFunction<float[]> values) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> own = tf.constant(values.apply(group.index()));
      Operand<TFloat32> both =
          tf.concat(List.of(group.sum(tf, own), group.fromChief(tf, own)), tf.constant(0));
      float[] result = new float[6];
      try (Session session = group.open(graph);
          Result run = session.runner().fetch(both).run()) {
        ((TFloat32) run.get(0)).asRawTensor().data().asFloats().read(result);
      }
      return result;
    }
  }

  @Test
  void whoeverIsMissingIsWaitedForByName() throws Exception {
    // given
    List<String> addresses = ClusterSpec.freeLocalAddresses(2);
    ClusterConfig config = new ClusterConfig(List.of(), false, Optional.empty(), Precision.FLOAT32);
    List<String> notes = new ArrayList<>();
    try (WorkerGroup group =
        new WorkerGroup(new ClusterSpec(addresses, 0), config, ENGINE, lost -> {})) {
      // when
      boolean met =
          group.meet(
              note -> {
                notes.add(note);
                group.requestStop();
              });
      // then
      assertThat(met).isFalse();
      assertThat(notes).containsExactly("waiting for worker 1 (%s)".formatted(addresses.get(1)));
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      ClusterSpec cluster = new ClusterSpec(List.of(address), 0);
      ClusterConfig config =
          new ClusterConfig(List.of(), false, Optional.empty(), Precision.FLOAT32);
      assertThatThrownBy(() -> new WorkerGroup(cluster, config, ENGINE, lost -> {}))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("worker 0 cannot listen on the port of " + address);
    }
  }
}
