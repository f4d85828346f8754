package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.cluster.ClusterSpec;
import org.tiedbert.cluster.WorkerGroup;
import org.tiedbert.cluster.Workers;
import org.tiedbert.stage.StagePlan;
import org.tiedbert.train.PreTraining.Outcome;

/** However many workers there are, they train the same. */
class PreTrainingWorkersTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final IntFunction<Progress> SILENT = worker -> Progress.silent();

  @TempDir static Path folder;

  private static PreTrainingConfig config;
  private static Path alone;

  @BeforeAll
  static void trainAlone() {
    Path shards = PreTrainingSetup.shards(folder.resolve("shards"));
    config = PreTrainingSetup.config(shards, "loss.featureLevel=sentence");
    alone = folder.resolve("alone");
    PreTrainingSetup.run(config, alone);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3}) // 8 sequences: 4 and 4; 2, 3 and 3, of which one worker pads its own
  void anyNumberOfThemTrainsTheSame(int numWorkers) throws IOException {
    // given
    Path run = folder.resolve("of-" + numWorkers);
    List<String> notes = Collections.synchronizedList(new ArrayList<>());
    Progress chief =
        new PreTrainingSetup.Listener() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    // when
    List<Object> ends =
        WorkersSetup.run(
            config, run, numWorkers, worker -> worker == 0 ? chief : Progress.silent());
    // then
    assertThat(ends).hasSize(numWorkers).containsOnly(Outcome.FINISHED);
    requireSameRun(run);
    requireSentBytes(run, numWorkers);
    assertThat(notes)
        .filteredOn(note -> note.contains("same parameters, bit for bit"))
        .hasSize(3); // a stage each
  }

  @Test
  void aRunMayBeContinuedByAnotherNumberOfThem() throws IOException {
    // given: two of them are stopped in the first stage, by the one that is not the chief
    Path run = folder.resolve("changing");
    assertThat(stopAt(run, 2, 1, 4)).containsOnly(Outcome.STOPPED);
    // and three in the second, by the chief
    assertThat(stopAt(run, 3, 0, 9)).containsOnly(Outcome.STOPPED);
    // when
    PreTrainingSetup.run(config, run);
    // then
    requireSameRun(run);
  }

  private static List<Object> stopAt(Path run, int numWorkers, int stopping, long step) {
    List<PreTraining> workers = new ArrayList<>();
    IntFunction<Progress> progress =
        worker ->
            PreTrainingSetup.afterStep(
                done -> {
                  if (worker == stopping && done == step) {
                    workers.get(worker).stop();
                  }
                });
    List<String> addresses = WorkersSetup.addresses(numWorkers);
    for (int worker = 0; worker < numWorkers; worker++) {
      workers.add(
          WorkersSetup.worker(
              config, run, progress.apply(worker), new ClusterSpec(addresses, worker)));
    }
    return WorkersSetup.run(workers);
  }

  /** Each worker has its own clock; with plans of their own they would wait for one another. */
  @Test
  void aBudgetIsFittedForAllOfThemAlike() {
    // given
    Path shards = folder.resolve("shards");
    PreTrainingConfig limited =
        PreTrainingSetup.config(
            shards,
            "stages={kind: plain, steps: 1000000}",
            "evaluation.everySteps=1000000",
            "maxDuration=4s",
            "cluster.timeout=30s");
    Path run = folder.resolve("limited");
    // when
    List<Object> ends = WorkersSetup.run(limited, run, 2, SILENT);
    // then
    assertThat(ends).containsOnly(Outcome.FINISHED);
    long steps = PreTrainingSetup.latest(run).state().step();
    assertThat(steps).isBetween(1L, 100_000L);
    assertThat(PreTrainingSetup.latest(run).state().endsStage()).isTrue();
  }

  @Test
  void oneWhoseVariablesDifferIsNamed() throws Exception {
    // given: three workers with sessions of their own, of which the last changes a value
    List<String> addresses = WorkersSetup.addresses(3);
    List<String> notes = Collections.synchronizedList(new ArrayList<>());
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<?>> ends = new ArrayList<>();
    for (int worker = 0; worker < 3; worker++) {
      ClusterSpec cluster = new ClusterSpec(addresses, worker);
      ends.add(threads.submit(() -> compare(cluster, notes)));
    }
    // when
    for (Future<?> end : ends) {
      end.get();
    }
    threads.shutdown();
    // then
    assertThat(notes)
        .hasSize(6)
        .filteredOn(note -> note.contains("all 3 workers have the same parameters"))
        .hasSize(3);
    assertThat(notes).filteredOn(note -> note.contains("of workers [2] differ")).hasSize(3);
  }

  private static void compare(ClusterSpec cluster, List<String> notes) {
    Progress progress =
        new PreTrainingSetup.Listener() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    try (Workers workers =
        new WorkerGroup(cluster, config.cluster(), config.engine(), lost -> {})) {
      workers.meet(note -> {});
      StageGraphs graphs =
          new StageGraphs(
              config, PreTrainingSetup.vocabulary(), PreTrainingSetup.SEQ_LENGTH, workers);
      StagePlan plan = config.stages().build(2, config.learningRate());
      try (StageSession session = graphs.openUnset(plan, plan.stages().get(0))) {
        if (workers.isChief()) {
          session.values().initialize(session.graph().variables().keySet());
        }
        session.synchronize();
        Agreement.check(workers, session, progress);
        if (workers.index() == 2) {
          Map<String, float[]> bias = session.values().read(List.of("cls/predictions/output_bias"));
          bias.values().iterator().next()[57] = Float.MIN_VALUE;
          session.values().assign(bias);
        }
        Agreement.check(workers, session, progress);
      }
    }
  }

  /** The same lines, and numbers that differ by the order of additions alone. */
  private static void requireSameRun(Path run) throws IOException {
    List<JsonNode> expected = lines(alone);
    List<JsonNode> actual = lines(run);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      requireSameLine(expected.get(i), actual.get(i));
    }
    float[] trained = PreTrainingSetup.tensor(alone, 15, "bert/embeddings/word_embeddings");
    assertThat(PreTrainingSetup.tensor(run, 15, "bert/embeddings/word_embeddings"))
        .containsExactly(trained, within(1e-4f));
  }

  private static void requireSameLine(JsonNode expected, JsonNode actual) {
    for (Map.Entry<String, JsonNode> field : expected.properties()) {
      JsonNode value = actual.get(field.getKey());
      if (field.getValue().isFloatingPointNumber()) {
        double wanted = field.getValue().asDouble();
        assertThat(value.asDouble())
            .as("%s of %s", field.getKey(), actual)
            .isCloseTo(wanted, within(1e-5 + 1e-4 * Math.abs(wanted)));
      } else {
        assertThat(value).as(field.getKey()).isEqualTo(field.getValue());
      }
    }
  }

  private static List<JsonNode> lines(Path run) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : PreTrainingSetup.metrics(run)) {
      lines.add(MAPPER.readTree(line));
    }
    return lines;
  }

  /** 2·(W−1)/W of four bytes for each value that trains, and of no other. */
  private static void requireSentBytes(Path run, int numWorkers) throws IOException {
    long trained = 0;
    for (String text : Files.readAllLines(new RunDirectory(run).metrics())) {
      JsonNode line = MAPPER.readTree(text);
      if (line.get("kind").asText().equals("stage")) {
        trained = line.get("numTrainable").asLong();
      } else if (line.get("kind").asText().equals("step")) {
        assertThat(line.get("time").get("sentBytes").asLong())
            .isEqualTo(2 * (numWorkers - 1) * 4 * trained / numWorkers);
      }
    }
  }
}
