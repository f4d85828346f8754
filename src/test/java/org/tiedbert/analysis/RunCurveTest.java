package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.analysis.RunCurve.Point;
import org.tiedbert.text.InputException;

class RunCurveTest {
  private static final String LINES =
      """
      {"kind":"eval","step":0,"crossEntropy":9.5}
      {"kind":"stage","step":1,"stage":1}
      {"kind":"step","step":1,"loss":8.0,"crossEntropy":7.0,"time":{"seconds":2.0}}
      {"kind":"step","step":2,"loss":7.0,"crossEntropy":6.0,"time":{"seconds":1.0}}
      {"kind":"stage","step":3,"stage":2}
      {"kind":"step","step":3,"loss":"NaN","time":{"seconds":1.0}}
      {"kind":"step","step":4,"loss":6.0,"crossEntropy":5.0,"time":{"seconds":4.0}}
      {"kind":"eval","step":4,"crossEntropy":5.5}
      """;

  @TempDir Path run;

  private RunCurve read(String lines, String metric) throws IOException {
    Files.writeString(run.resolve("metrics.jsonl"), lines);
    return RunCurve.read("r", run, metric);
  }

  @Test
  void timeIsThatOfUpdates() throws IOException {
    RunCurve curve = read(LINES, "crossEntropy");
    assertThat(curve.training())
        .containsExactly(new Point(1, 2, 7), new Point(2, 3, 6), new Point(4, 8, 5));
    assertThat(curve.heldOut()).containsExactly(new Point(0, 0, 9.5), new Point(4, 8, 5.5));
    assertThat(curve.stages()).containsExactly(new Point(3, 3, Double.NaN));
  }

  @Test
  void smoothingIsTheMeanOfUpdatesThatFollowOneAnother() throws IOException {
    assertThat(read(LINES, "crossEntropy").smoothed(2))
        .containsExactly(new Point(1.5, 2.5, 6.5), new Point(4, 8, 5));
  }

  @Test
  void figuresHaveStepsAndTimeAndAllNumbers() throws IOException {
    RunCurve curve = read(LINES, "crossEntropy");
    List<Figure> figures =
        CurveFigures.of(List.of(curve), "crossEntropy", OptionalInt.of(2), OptionalDouble.empty())
            .figures();
    assertThat(figures).extracting(Figure::name).containsExactly("curves-step", "curves-time");
    assertThat(figures.get(0).numbers().csv())
        .isEqualTo(
            """
            run,kind,step,seconds,cross_entropy
            r,training,1.5,2.5,6.5
            r,training,4.0,8.0,5.0
            r,held-out,0.0,0.0,9.5
            r,held-out,4.0,8.0,5.5
            r,stage,3.0,3.0,
            """);
    assertThat(figures.get(1).picture().svg())
        .contains("time of training (minutes)", "held-out text", "a stage begins");
  }

  @Test
  void theLineThatIsBeingWrittenIsPassedOver() throws IOException {
    assertThat(read(LINES + "{\"kind\":\"st", "loss").training()).hasSize(3);
  }

  @Test
  void whatIsNoRunIsRefused() throws IOException {
    assertThatThrownBy(() -> RunCurve.read("r", run.resolve("none"), "loss"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is no run: it must hold metrics.jsonl");
    assertThatThrownBy(() -> read("oops\n" + LINES, "loss"))
        .hasMessageContaining("metrics.jsonl, line 1, must be a JSON object, got 'oops'");
    assertThatThrownBy(() -> read(LINES, "accuracy"))
        .hasMessageContaining(
            "has no update with the number 'accuracy'; it has [crossEntropy, loss, step]");
    assertThatThrownBy(() -> read("", "loss")).hasMessageContaining("it has no updates yet");
  }
}
