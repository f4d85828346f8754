package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.batch.GlobalShuffle;
import org.tiedbert.checkpoint.Recoveries;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.train.PreTraining.Outcome;

/** A run whose loss jumps goes back and on; what a jump is follows from the run without a bound. */
class RewindingTest {
  private static final int NUM_STEPS = 64;
  private static final int EVERY_STEPS = 8;
  private static final int SKIP_BATCHES = 3;
  private static final int BATCH_SIZE = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static Path shards;
  private static List<JsonNode> unbounded;
  private static int jump;
  private static PreTrainingConfig config;
  private static Path uninterrupted;

  @BeforeAll
  static void train() {
    shards = PreTrainingSetup.shards(folder.resolve("shards"));
    PreTrainingSetup.run(config("divergence.maxLossRatio=1000"), folder.resolve("unbounded"));
    unbounded = lines(folder.resolve("unbounded"), "step");
    // the first loss that is higher, in proportion to the mean of those before, than any before it
    double highest = 1;
    double bound = 0;
    for (int step = 21; bound == 0; step++) {
      double mean = IntStream.range(1, step).mapToDouble(i -> loss(i)).average().orElseThrow();
      double ratio = loss(step) / mean;
      if (step > 2 * EVERY_STEPS + SKIP_BATCHES + 5 && ratio > highest + 1e-3) {
        jump = step;
        bound = 0.1 * highest + 0.9 * ratio;
      }
      highest = Math.max(highest, ratio);
    }
    config = config("divergence.maxLossRatio=" + bound, "divergence.maxRecoveries=50");
    uninterrupted = folder.resolve("uninterrupted");
    assertThat(PreTrainingSetup.run(config, uninterrupted)).isEqualTo(Outcome.FINISHED);
  }

  private static PreTrainingConfig config(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "stages={kind: plain, steps: %d}".formatted(NUM_STEPS),
                "model.numHiddenLayers=1",
                "learningRate={peak: 1e-6, warmupSteps: 30}",
                "checkpoint={everySteps: %d, keepLast: 2}".formatted(EVERY_STEPS),
                "evaluation.everySteps=100",
                "divergence.skipBatches=" + SKIP_BATCHES));
    all.addAll(List.of(overrides));
    return PreTrainingSetup.config(shards, all.toArray(String[]::new));
  }

  private static double loss(int step) {
    return unbounded.get(step - 1).path("loss").asDouble();
  }

  private static List<JsonNode> lines(Path run, String kind) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : PreTrainingSetup.metrics(run)) {
      try {
        lines.add(JSON.readTree(line));
      } catch (JsonProcessingException e) {
        throw new AssertionError(line, e);
      }
    }
    return lines.stream().filter(line -> line.path("kind").asText().equals(kind)).toList();
  }

  @Test
  void workersGoBackTogether() {
    // given
    Path run = folder.resolve("workers");
    // when
    assertThat(WorkersSetup.run(config, run, 2, worker -> Progress.silent()))
        .containsOnly(Outcome.FINISHED);
    // then: to the same places, without the same records, and on with the same losses
    assertThat(lines(run, "recovery"))
        .isNotEmpty()
        .extracting(line -> line.path("divergedStep"), line -> line.path("skippedRecords"))
        .containsExactlyElementsOf(
            lines(uninterrupted, "recovery").stream()
                .map(line -> tuple(line.path("divergedStep"), line.path("skippedRecords")))
                .toList());
    List<JsonNode> expected = lines(uninterrupted, "step");
    List<JsonNode> actual = lines(run, "step");
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      double loss = expected.get(i).path("loss").asDouble();
      assertThat(actual.get(i).path("loss").asDouble()).isCloseTo(loss, within(1e-4 * loss));
    }
  }

  @Test
  void leavesOutTheBatchesThatLedToTheJump() {
    // given: up to the checkpoint before the jump, and on to the left out batches, nothing differs
    int from = (jump - 1) / EVERY_STEPS * EVERY_STEPS;
    int numSkipped = Math.min(SKIP_BATCHES, jump - from);
    JsonNode first = lines(uninterrupted, "recovery").get(0);
    assertThat(first.path("step").asInt()).isEqualTo(from);
    assertThat(first.path("divergedStep").asInt()).isEqualTo(jump);
    assertThat(first.path("reason").asText())
        .startsWith("step %d of stage 1 (everything) gave a loss of ".formatted(jump));
    GlobalShuffle shuffle = new GlobalShuffle(200, 3);
    long end = (long) jump * BATCH_SIZE;
    assertThat(first.path("skippedRecords"))
        .extracting(JsonNode::asLong)
        .containsExactlyElementsOf(
            LongStream.range(end - (long) numSkipped * BATCH_SIZE, end)
                .map(shuffle::recordAt)
                .boxed()
                .toList());
    List<JsonNode> steps = lines(uninterrupted, "step");
    assertThat(steps).hasSize(NUM_STEPS);
    assertThat(steps.subList(0, jump - numSkipped))
        .isEqualTo(unbounded.subList(0, jump - numSkipped));
    assertThat(steps.get(jump - numSkipped)).isNotEqualTo(unbounded.get(jump - numSkipped));
    // and what is left out is not read
    long skipped =
        Recoveries.read(new RunDirectory(uninterrupted)).recoveries().stream()
            .flatMapToLong(r -> LongStream.range(r.firstSequence(), r.endSequence()))
            .distinct()
            .count();
    assertThat(PreTrainingSetup.latest(uninterrupted).state().nextSequence())
        .isEqualTo((long) NUM_STEPS * BATCH_SIZE + skipped);
  }

  @Test
  void killedWheneverItGoesBackItEndsTheSame() throws IOException {
    Path run = folder.resolve("killed");
    int numRecoveries = Recoveries.read(new RunDirectory(uninterrupted)).size();
    assertThat(numRecoveries).isBetween(1, 6);
    for (int kill = 0; kill < numRecoveries; kill++) {
      assertThatThrownBy(() -> PreTrainingSetup.run(config, run, deathAtANote()).run())
          .isInstanceOf(PreTrainingSetup.Killed.class);
    }
    assertThat(PreTrainingSetup.run(config, run)).isEqualTo(Outcome.FINISHED);
    assertThat(PreTrainingSetup.metrics(run)).isEqualTo(PreTrainingSetup.metrics(uninterrupted));
    assertThat(Files.readString(new RunDirectory(run).recoveries()))
        .isEqualTo(Files.readString(new RunDirectory(uninterrupted).recoveries()));
    String model = "checkpoints/step-%d/model.ckpt.data-00000-of-00001".formatted(NUM_STEPS);
    assertThat(run.resolve(model)).hasSameBinaryContentAs(uninterrupted.resolve(model));
  }

  @Test
  void stoppedBeforeTheJumpItEndsTheSame() {
    Path run = folder.resolve("stopped");
    assertThat(PreTrainingSetup.stopAt(config, run, jump - 1)).isEqualTo(Outcome.STOPPED);
    assertThat(PreTrainingSetup.run(config, run)).isEqualTo(Outcome.FINISHED);
    assertThat(PreTrainingSetup.metrics(run)).isEqualTo(PreTrainingSetup.metrics(uninterrupted));
  }

  private static Progress deathAtANote() {
    return new PreTrainingSetup.Listener() {
      @Override
      public void note(String line) {
        if (line.contains("; back to step ")) {
          throw new PreTrainingSetup.Killed();
        }
      }
    };
  }

  @Test
  void givesUpWhereGoingBackDoesNotHelp() {
    // given: the learning rates of the steps are 0, 5e29, 1e30; the second update ruins the model
    PreTrainingConfig hopeless =
        PreTrainingSetup.config(
            shards,
            "learningRate={peak: 1e30, warmupSteps: 2, decay: constant}",
            "checkpoint={everySteps: 1, keepLast: 3}",
            "evaluation.everySteps=100",
            "divergence.maxRecoveries=2");
    Path run = folder.resolve("hopeless");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> PreTrainingSetup.run(hopeless, run))
          .isInstanceOf(DivergenceException.class)
          .hasMessageStartingWith("step 3 of stage 1 (layer 0) gave a loss of ")
          .hasMessageContaining(" The run went back 2 times before. ");
      assertThat(Recoveries.read(new RunDirectory(run)).recoveries())
          .extracting(recovery -> recovery.from())
          .containsExactly(2L, 1L); // at the second time to the checkpoint before
    }
  }
}
