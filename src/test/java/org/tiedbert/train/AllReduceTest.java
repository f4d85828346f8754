package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.cluster.ClusterSpec;
import org.tiedbert.cluster.WorkerGroup;
import org.tiedbert.cluster.Workers;
import org.tiedbert.engine.LoopbackTraffic;
import org.tiedbert.stage.StagePlan;

class AllReduceTest {
  private static final int NUM_WORKERS = 2;

  @TempDir Path folder;

  @Test
  void sendsWhatAStepSends() throws Exception {
    // given: some half a million values that train, so that what is sent beside them is little
    assumeThat(LoopbackTraffic.sentBytes()).isPresent();
    PreTrainingConfig config =
        PreTrainingSetup.config(
            folder.resolve("none"), "model.hiddenSize=256", "stages={kind: plain, steps: 4}");
    List<String> addresses = WorkersSetup.addresses(NUM_WORKERS);
    List<Sent> sent = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(NUM_WORKERS);
    // when
    try {
      List<Future<Sent>> workers = new ArrayList<>();
      for (int worker = 0; worker < NUM_WORKERS; worker++) {
        ClusterSpec cluster = new ClusterSpec(addresses, worker);
        workers.add(threads.submit(() -> sum(config, cluster)));
      }
      for (Future<Sent> worker : workers) {
        sent.add(worker.get());
      }
    } finally {
      threads.shutdownNow();
    }
    // then: each of two sends as many bytes as its gradients have
    for (Sent measured : sent) {
      assertThat(measured.predicted()).isEqualTo(measured.numTrainable() * Float.BYTES);
      assertThat(measured.ofAll())
          .isBetween(
              NUM_WORKERS * measured.predicted(), NUM_WORKERS * measured.predicted() * 5 / 4);
    }
  }

  /** What all workers sent, and what one should have. */
  private record Sent(long numTrainable, long predicted, long ofAll) {}

  private static Sent sum(PreTrainingConfig config, ClusterSpec cluster) {
    StagePlan plan = config.stages().build(2, config.learningRate());
    try (Workers workers =
        new WorkerGroup(cluster, config.cluster(), config.engine(), lost -> {})) {
      workers.meet(note -> {});
      StageGraphs graphs =
          new StageGraphs(
              config, PreTrainingSetup.vocabulary(), PreTrainingSetup.SEQ_LENGTH, workers);
      try (TrainGraph graph = graphs.build(plan, plan.stages().get(0));
          AllReduce sums = new AllReduce(graph, workers)) {
        sums.seconds();
        workers.sum(new double[0]); // nobody begins before all have ended
        OptionalLong before = LoopbackTraffic.sentBytes();
        workers.sum(new double[0]);
        sums.seconds();
        workers.sum(new double[0]);
        OptionalLong after = LoopbackTraffic.sentBytes();
        workers.sum(new double[0]);
        return new Sent(
            graph.numTrainable(),
            workers.sentBytes(graph.numTrainable()),
            after.orElseThrow() - before.orElseThrow());
      }
    }
  }
}
