package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tiedbert.text.InputException;

class MetricsLogTest {
  private static final int TOTAL = 8;
  private static final int STAGE_END = 4;

  @TempDir Path run;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = run.resolve("metrics.jsonl");
  }

  @Test
  void aLineHasItsKeysInOrderAndTimeLast() throws IOException {
    try (MetricsLog log = MetricsLog.open(file, 0)) {
      log.append(
          MetricsLine.step(1)
              .with("stage", 1)
              .withTime("elapsedSeconds", 0.5)
              .with("loss", 0.1f)
              .with("learningRate", 1e-4)
              .with("name", "grow \"3\""));
    }
    String line =
        "{\"kind\":\"step\",\"step\":1,\"stage\":1,\"loss\":0.1,\"learningRate\":1.0E-4,"
            + "\"name\":\"grow \\\"3\\\"\"";
    assertThat(Files.readString(file)).isEqualTo(line + ",\"time\":{\"elapsedSeconds\":0.5}}\n");
    assertThat(MetricsLog.withoutTime(Files.readAllLines(file).get(0))).isEqualTo(line + "}");
    assertThat(MetricsLog.withoutTime(line + "}")).isEqualTo(line + "}");
  }

  @Test
  void refusesAKeyTwiceAndStepsThatGoBack() {
    assertThatThrownBy(() -> MetricsLine.step(1).with("loss", 1).withTime("loss", 2))
        .hasMessage("a line of metrics has 'loss' once");
    assertThatThrownBy(() -> MetricsLine.step(1).with("time", 1))
        .hasMessage("a line of metrics has 'time' once");
    assertThatThrownBy(() -> MetricsLine.step(-1)).hasMessage("step must not be negative, got -1");
    try (MetricsLog log = MetricsLog.open(file, 3)) {
      assertThatThrownBy(() -> log.append(MetricsLine.step(2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("lines must come in the order of their steps, got 2 after 3");
    }
  }

  /** Every checkpoint, and every line after it at which the process may have been killed. */
  @Test
  void aContinuedLogEqualsAnUninterruptedOneApartFromTime() throws IOException {
    runFrom(0, Integer.MAX_VALUE, 1.0);
    List<String> whole = linesWithoutTime();
    assertThat(whole).hasSize(2 + TOTAL + TOTAL / 2);
    for (int checkpoint = 0; checkpoint <= TOTAL; checkpoint++) {
      for (int numLines = 0; numLines <= whole.size(); numLines++) {
        // given: a run killed after some lines, at or after the checkpoint
        Files.deleteIfExists(file);
        if (runFrom(0, numLines, 1.0) < checkpoint) {
          continue;
        }
        Files.writeString(file, "{\"kind\":\"step\",\"st", StandardOpenOption.APPEND);
        // when
        runFrom(checkpoint, Integer.MAX_VALUE, 2.0);
        // then
        assertThat(linesWithoutTime())
            .as("from %d, %d lines", checkpoint, numLines)
            .isEqualTo(whole);
      }
    }
  }

  @Test
  void keepsTheBytesOfWhatItKeepsAndLeavesNoOtherFile() throws IOException {
    String kept = "{\"kind\":\"stage\",\"step\":1,\"name\":\"größer\"}\n{\"step\":2,\"x\":1.10}";
    Files.writeString(file, kept + "\n{\"step\":3}\n");
    MetricsLog.open(file, 2).close();
    assertThat(file).hasContent(kept + "\n");
    assertThat(run.toFile().list()).containsExactly("metrics.jsonl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\u0000\u0000", "{\"step\":", "{\"kind\":\"step\"}", "{\"step\":1.5}"})
  void aDamagedLineIsPassedOverAtTheEndAndRefusedInTheMiddle(String damaged) throws IOException {
    Files.writeString(file, "{\"step\":1}\n" + damaged + "\n{\"step\":3}\n");
    MetricsLog.open(file, 2).close();
    assertThat(file).hasContent("{\"step\":1}\n");
    Files.writeString(file, "{\"step\":1}\n" + damaged + "\n{\"step\":2}\n");
    assertThatThrownBy(() -> MetricsLog.open(file, 2))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("%s, line 2, must be a JSON object with a step", file);
    assertThat(Files.readString(file)).endsWith("{\"step\":2}\n");
  }

  @Test
  void aLineIsInTheFileBeforeTheLogIsClosed() throws IOException {
    try (MetricsLog log = MetricsLog.open(file, 0)) {
      log.append(MetricsLine.step(1));
      assertThat(file).hasContent("{\"kind\":\"step\",\"step\":1}\n");
      log.force();
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    Path missing = run.resolve("missing/metrics.jsonl");
    assertThatThrownBy(() -> MetricsLog.open(missing, 0))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(missing + " cannot be continued: ");
  }

  /**
   * A training loop of two stages, with an evaluation after every second update.
   *
   * @return updates made when it had written {@code numLines}
   */
  private int runFrom(int checkpoint, int numLines, double seconds) {
    int left = numLines;
    try (MetricsLog log = MetricsLog.open(file, checkpoint)) {
      for (int done = checkpoint; done < TOTAL; done++) {
        int step = done + 1;
        if (done == 0 || done == STAGE_END) {
          if (left-- == 0) {
            return done;
          }
          log.append(MetricsLine.stage(step).withTime("at", seconds));
        }
        if (left-- == 0) {
          return done;
        }
        log.append(MetricsLine.step(step).with("loss", 1f / step).withTime("at", seconds));
        if (step % 2 == 0) {
          if (left-- == 0) {
            return done; // killed before the checkpoint of this step
          }
          log.append(MetricsLine.evaluation(step).with("loss", 2f / step).withTime("at", seconds));
        }
      }
    }
    return TOTAL;
  }

  private List<String> linesWithoutTime() throws IOException {
    return Files.readAllLines(file).stream().map(MetricsLog::withoutTime).toList();
  }
}
