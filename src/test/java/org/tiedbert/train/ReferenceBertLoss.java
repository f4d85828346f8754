package org.tiedbert.train;

import java.util.Arrays;
import org.tiedbert.batch.Batch;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;

/**
 * L = (CE₁ + CE₂)/2 + w·MSE(f₁, f₂) + NSP of {@link ReferenceBert}, in loops over the definitions.
 * Sequences that are all padding do not count.
 *
 * @param accuracy of each view
 */
record ReferenceBertLoss(
    double total,
    double crossEntropy,
    double consistency,
    double nextSentence,
    double nextSentenceAccuracy,
    double[] accuracy,
    double numPredictions,
    double numSequences) {

  static ReferenceBertLoss of(
      ReferenceBert model, LossConfig config, int padId, Batch batch, ReferenceBertViews views) {
    int numViews = views.numViews();
    double[][][] features = new double[views.inputIds().length][][];
    for (int row = 0; row < features.length; row++) {
      int[] segments = tokens(batch.segmentIds(), batch, row / numViews);
      int[] ids = views.inputIds()[row];
      features[row] = model.features(row, ids, segments, real(batch, row / numViews, padId));
    }
    double crossEntropy = 0;
    double numPredictions = 0;
    double[] accuracy = new double[numViews];
    for (int view = 0; view < numViews; view++) {
      double loss = 0;
      double right = 0;
      double count = 0;
      for (int row = view; row < features.length; row += numViews) {
        for (int p = 0; p < views.weights()[row].length; p++) {
          if (views.weights()[row][p] == 1) {
            double[] token = features[row][views.positions()[row][p]];
            double[] logits = model.maskedLanguageModel(token);
            loss += crossEntropy(logits, views.labels()[row][p]);
            right += isRight(logits, views.labels()[row][p]);
            count++;
          }
        }
      }
      crossEntropy += loss / count / numViews;
      accuracy[view] = right / count;
      numPredictions += count;
    }
    double consistency =
        numViews == 1 ? 0 : meanSquare(config.featureLevel(), features, batch, padId);
    double[] nextSentence =
        config.nextSentence()
            ? nextSentence(model, features, batch, numViews, padId)
            : new double[2];
    double numSequences = 0;
    for (int b = 0; b < batch.batchSize(); b++) {
      numSequences += numReal(batch, b, padId) > 0 ? 1 : 0;
    }
    return new ReferenceBertLoss(
        crossEntropy + config.tiedWeight() * consistency + nextSentence[0],
        crossEntropy,
        consistency,
        nextSentence[0],
        nextSentence[1],
        accuracy,
        numPredictions,
        numSequences);
  }

  /** Loss and accuracy, means over views and sequences. */
  private static double[] nextSentence(
      ReferenceBert model, double[][][] features, Batch batch, int numViews, int padId) {
    double loss = 0;
    double right = 0;
    double count = 0;
    for (int row = 0; row < features.length; row++) {
      if (numReal(batch, row / numViews, padId) > 0) {
        double[] logits = model.nextSentence(features[row][0]);
        int label = batch.nextSentenceLabels()[row / numViews];
        loss += crossEntropy(logits, label);
        right += isRight(logits, label);
        count++;
      }
    }
    return new double[] {loss / count, right / count};
  }

  private static double meanSquare(
      FeatureLevel level, double[][][] features, Batch batch, int padId) {
    double sum = 0;
    double count = 0;
    for (int b = 0; b < batch.batchSize(); b++) {
      boolean[] real = real(batch, b, padId);
      double[][] first = features[2 * b];
      double[][] second = features[2 * b + 1];
      for (int h = 0; h < first[0].length; h++) {
        double firstMean = 0;
        double secondMean = 0;
        for (int s = 0; s < real.length; s++) {
          if (real[s]) {
            firstMean += first[s][h] / numReal(batch, b, padId);
            secondMean += second[s][h] / numReal(batch, b, padId);
            if (level == FeatureLevel.WORD || level == FeatureLevel.CLS && s == 0) {
              sum += Math.pow(first[s][h] - second[s][h], 2);
              count++;
            }
          }
        }
        if (level == FeatureLevel.SENTENCE && numReal(batch, b, padId) > 0) {
          sum += Math.pow(firstMean - secondMean, 2);
          count++;
        }
      }
    }
    return sum / count;
  }

  static double crossEntropy(double[] logits, int label) {
    return -Math.log(ReferenceBert.softmax(logits)[label]);
  }

  private static double isRight(double[] logits, int label) {
    return logits[label] == Arrays.stream(logits).max().orElseThrow() ? 1 : 0;
  }

  private static boolean[] real(Batch batch, int sequence, int padId) {
    int[] ids = tokens(batch.inputIds(), batch, sequence);
    boolean[] real = new boolean[ids.length];
    for (int s = 0; s < ids.length; s++) {
      real[s] = ids[s] != padId;
    }
    return real;
  }

  private static int numReal(Batch batch, int sequence, int padId) {
    int numReal = 0;
    for (boolean real : real(batch, sequence, padId)) {
      numReal += real ? 1 : 0;
    }
    return numReal;
  }

  private static int[] tokens(int[] values, Batch batch, int sequence) {
    int length = batch.maxSeqLength();
    return Arrays.copyOfRange(values, sequence * length, (sequence + 1) * length);
  }
}
