package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tiedbert.eval.Metric.Value;

/**
 * Metrics against SciPy's and scikit-learn's on random cases with ties. {@code
 * tools/goldens/metrics.py} draws the same cases from the same generator and wrote the values.
 */
class MetricGoldenTest {
  private static final int CASES = 2000;
  private static final int SEED = 20181011;
  private static final double TOLERANCE = 1e-10;

  private final Random random = new Random(SEED);
  private DataInputStream goldens;
  private double[] targets;
  private double[] predictions;

  @BeforeEach
  void open() {
    goldens =
        new DataInputStream(
            new BufferedInputStream(MetricGoldenTest.class.getResourceAsStream("metrics.bin")));
  }

  @AfterEach
  void close() throws IOException {
    goldens.close();
  }

  @Test
  void metricsAreSciPysAndScikitLearns() throws IOException {
    for (int i = 0; i < CASES; i++) {
      drawClasses(i);
      check(new Metric.Accuracy(), i);
      check(new Metric.F1(), i);
      check(new Metric.Matthews(), i);
    }
    for (int i = 0; i < CASES; i++) {
      drawScores(i);
      check(new Metric.Pearson(), i);
      check(new Metric.Spearman(), i);
    }
    assertThat(goldens.read()).isEqualTo(-1);
  }

  private void check(Metric metric, int i) throws IOException {
    double golden = goldens.readDouble();
    Value value = metric.of(predictions, targets);
    if (Double.isNaN(golden)) {
      assertThat(value).as("%s, case %d", metric, i).isInstanceOf(Value.Undefined.class);
    } else {
      assertThat(value).as("%s, case %d", metric, i).isInstanceOf(Value.Defined.class);
      assertThat(Math.abs(((Value.Defined) value).value() - golden))
          .as("%s, case %d", metric, i)
          .isLessThanOrEqualTo(TOLERANCE);
    }
  }

  private void drawClasses(int i) {
    newCase(size(i, 1));
    int classes = 2 + draw(4);
    int constant = draw(10);
    for (int k = 0; k < targets.length; k++) {
      int target = constant == 1 ? 0 : draw(classes);
      int other = draw(classes);
      targets[k] = target;
      if (constant == 0) {
        predictions[k] = 1;
      } else {
        predictions[k] = draw(2) == 0 ? target : other;
      }
    }
  }

  private void drawScores(int i) {
    newCase(size(i, 2));
    int kind = draw(4);
    int levels = 1 + draw(9);
    for (int k = 0; k < targets.length; k++) {
      int a = draw(1 << 30);
      int b = draw(1 << 30);
      if (kind == 0) {
        targets[k] = a % levels;
        predictions[k] = b % levels;
      } else if (kind == 1) {
        targets[k] = (a % 21) / 4.0;
        predictions[k] = targets[k] + b / (double) (1 << 30) - 0.5;
      } else if (kind == 2) {
        targets[k] = a / (double) (1 << 30);
        predictions[k] = b / (double) (1 << 30);
      } else {
        targets[k] = 1000 + (a % 7) / 64.0;
        predictions[k] = -500 - (a % 3 + b % 3) / 128.0;
      }
    }
  }

  private void newCase(int size) {
    targets = new double[size];
    predictions = new double[size];
  }

  private int size(int i, int least) {
    return least + draw(60) * (i % 100 == 0 ? 20 : 1);
  }

  /** 31 random bits modulo a bound. */
  private int draw(int bound) {
    return (random.nextInt() >>> 1) % bound;
  }
}
