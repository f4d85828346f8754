package org.tiedbert.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final StageReport STAGE =
      new StageReport(1, 2, "grow layers 1-2", 2, 3_700_000, 3_700_000, 0, 1, 1000);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, UTF_8);
  private final HandClock clock = new HandClock();

  /** A clock that stands until it is moved. */
  private static final class HandClock extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @Test
  void printsTheFirstStepsThenTheMeansOfEachInterval() {
    // given: 5 s an update, losses 1, 2, 3, ...
    try (Progress progress = new PlainProgress(out, Duration.ofSeconds(10), clock)) {
      progress.stageStarted(STAGE);
      for (long step = 1; step <= 6; step++) {
        clock.now = clock.now.plusSeconds(5);
        progress.step(report(step, OptionalDouble.empty(), OptionalDouble.empty()));
      }
      progress.evaluated(new EvaluationReport(6, 5.5, 0.125, OptionalDouble.empty(), 6.75));
      progress.checkpoint(Path.of("run/checkpoints/step-6"));
    }
    // then: the row of step 5 is the mean of 4 and 5; step 6 has its row before the evaluation
    assertThat(lines())
        .containsExactly(
            "stage 1 of 2: grow layers 1-2, 2 layers, 3,700,000 of 3,700,000 parameters train,"
                + " steps 1 to 1000",
            "    step     loss      mlm     tied    acc        lr    grad   seq/s      left",
            "       1   1.0000   0.5000   0.5000  10.0%  1.00e-04   2.000   180.3   1:01:05",
            "       2   2.0000   1.0000   1.0000  10.0%  1.00e-04   2.000   180.3   1:01:05",
            "       3   3.0000   1.5000   1.5000  10.0%  1.00e-04   2.000   180.3   1:01:05",
            "       5   4.5000   2.2500   2.2500  10.0%  1.00e-04   2.000   180.3   1:01:05",
            "       6   6.0000   3.0000   3.0000  10.0%  1.00e-04   2.000   180.3   1:01:05",
            "       6  held-out: mlm 5.5000 nats (unigrams 6.7500), acc 12.5%",
            "          saved run/checkpoints/step-6");
  }

  @Test
  void showsTheOptionalColumnsWhereThereIsSomethingInThem() {
    try (Progress progress = new PlainProgress(out, Duration.ofSeconds(10), clock)) {
      progress.step(report(1, OptionalDouble.of(0.5), OptionalDouble.of(0.253)));
      progress.evaluated(new EvaluationReport(1, 5.5, 0.125, OptionalDouble.of(0.75), 6.75));
    }
    assertThat(lines())
        .containsExactly(
            "    step     loss      mlm     tied    acc    nsp        lr    grad   seq/s  flop"
                + "      left",
            "       1   1.0000   0.5000   0.5000  10.0%  50.0%  1.00e-04   2.000   180.3 25.3%"
                + "   1:01:05",
            "       1  held-out: mlm 5.5000 nats (unigrams 6.7500), acc 12.5%, nsp 75.0%");
  }

  @Test
  void aTerminalGetsOneMovingLineBelowTheRows() {
    try (Progress progress = new TerminalProgress(out, false, clock)) {
      progress.step(report(500, OptionalDouble.empty(), OptionalDouble.empty()));
    }
    assertThat(bytes.toString(UTF_8))
        .endsWith(
            "   1:01:05\n"
                + "1/2 [####----] 500/1000 loss 500.000 acc 10.0% 180 seq/s 1:01:05 left"
                + "\r\u001b[K");
  }

  @Test
  void onlyTheStageIsBoldAndOnlyWithColour() {
    new TerminalProgress(out, true, clock).stageStarted(STAGE);
    assertThat(bytes.toString(UTF_8)).contains("\u001b[1mstage 1 of 2");
    bytes.reset();
    new TerminalProgress(out, false, clock).stageStarted(STAGE);
    assertThat(bytes.toString(UTF_8)).doesNotContain("\u001b[1m");
  }

  @Test
  void theMovingLineFitsIntoEightyColumns() {
    StepReport longest =
        new StepReport(
            5,
            5,
            "retrain",
            1_000_000,
            1_000_000,
            12.345,
            12,
            0.3,
            1,
            OptionalDouble.empty(),
            1e-4,
            1,
            1234,
            OptionalDouble.empty(),
            0,
            Duration.ofHours(49));
    assertThat(ProgressTable.live(longest)).endsWith("2d 01:00 left").hasSizeLessThan(80);
  }

  @Test
  void saysWhatWorkersSendIfThereAreSome() {
    StageReport sent = new StageReport(2, 3, "layer 1", 2, 7, 9, 36_740_000, 81, 160);
    assertThat(ProgressTable.stage(sent))
        .isEqualTo(
            "stage 2 of 3: layer 1, 2 layers, 7 of 9 parameters train, steps 81 to 160; 36.74 MB a"
                + " step from each worker");
    assertThat(ProgressTable.stage(STAGE)).endsWith("steps 1 to 1000");
  }

  @Test
  void writesTimesAsPeopleDo() {
    assertThat(ProgressTable.time(Duration.ofSeconds(65))).isEqualTo("1:05");
    assertThat(ProgressTable.time(Duration.ofSeconds(3665))).isEqualTo("1:01:05");
    assertThat(ProgressTable.time(Duration.ofHours(49))).isEqualTo("2d 01:00");
  }

  private static StepReport report(
      long step, OptionalDouble nextSentence, OptionalDouble utilisation) {
    return new StepReport(
        1,
        2,
        "grow layers 1-2",
        step,
        1000,
        step,
        step / 2.0,
        step / 2.0,
        0.1,
        nextSentence,
        1e-4,
        2,
        180.3,
        utilisation,
        0,
        Duration.ofSeconds(3665));
  }

  private List<String> lines() {
    return bytes.toString(UTF_8).lines().toList();
  }
}
