package org.tiedbert.eval;

import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.correlation.SpearmansCorrelation;

/** A number that says how good predictions are, as GLUE defines it; higher is better. */
public sealed interface Metric {
  /** As tables head it, such as {@code accuracy} or {@code f1}. */
  String name();

  /**
   * @param predictions the index of the predicted class or choice, or the predicted score
   * @param targets the true ones, as many, at least one
   */
  Value of(double[] predictions, double[] targets);

  /** What a metric comes to: a number, or the reason why there is none. */
  sealed interface Value {
    record Defined(double value) implements Value {}

    record Undefined(String reason) implements Value {}
  }

  /** The share of predictions that are right. */
  record Accuracy() implements Metric {
    @Override
    public String name() {
      return "accuracy";
    }

    @Override
    public Value of(double[] predictions, double[] targets) {
      return new Value.Defined(
          (double) Contingency.of(predictions, targets).numRight() / targets.length);
    }
  }

  /**
   * F1 of the class of index 1, 2·TP/(2·TP + FP + FN); 0 where that class is neither there nor
   * predicted, as in scikit-learn.
   */
  record F1() implements Metric {
    @Override
    public String name() {
      return "f1";
    }

    @Override
    public Value of(double[] predictions, double[] targets) {
      Contingency counts = Contingency.of(predictions, targets);
      long both = counts.numPredicted(1) + counts.numTargets(1);
      return new Value.Defined(both == 0 ? 0 : 2.0 * counts.count(1, 1) / both);
    }
  }

  /**
   * Matthews' correlation of classes, for any number of them (Gorodkin 2004, eq. 8): (c·s − Σ
   * pₖ·tₖ) / √((s² − Σ pₖ²)(s² − Σ tₖ²)) with s examples, c of them right, pₖ predicted and tₖ
   * truly of class k; 0 where the denominator is, as in scikit-learn.
   */
  record Matthews() implements Metric {
    @Override
    public String name() {
      return "matthews";
    }

    @Override
    public Value of(double[] predictions, double[] targets) {
      Contingency counts = Contingency.of(predictions, targets);
      double all = targets.length;
      double products = 0;
      double predictedSquares = 0;
      double targetSquares = 0;
      for (int k = 0; k < counts.numClasses(); k++) {
        double predicted = counts.numPredicted(k);
        double target = counts.numTargets(k);
        products += predicted * target;
        predictedSquares += predicted * predicted;
        targetSquares += target * target;
      }
      double spread = (all * all - predictedSquares) * (all * all - targetSquares);
      double covariance = counts.numRight() * all - products;
      return new Value.Defined(spread == 0 ? 0 : covariance / Math.sqrt(spread));
    }
  }

  /** Pearson's correlation of scores; undefined where one side is constant. */
  record Pearson() implements Metric {
    @Override
    public String name() {
      return "pearson";
    }

    @Override
    public Value of(double[] predictions, double[] targets) {
      return Correlation.of(
          predictions, targets, (x, y) -> new PearsonsCorrelation().correlation(x, y));
    }
  }

  /**
   * Spearman's correlation of scores: Pearson's of their ranks, equal ones sharing the mean of
   * theirs; undefined where one side is constant.
   */
  record Spearman() implements Metric {
    @Override
    public String name() {
      return "spearman";
    }

    @Override
    public Value of(double[] predictions, double[] targets) {
      return Correlation.of(
          predictions, targets, (x, y) -> new SpearmansCorrelation().correlation(x, y));
    }
  }
}
