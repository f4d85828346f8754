package org.tiedbert.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hipparchus.special.Erf;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.model.EncoderConfig;

/**
 * BERT's forward pass once more, in plain loops over doubles, one sequence at a time, written from
 * Devlin et al. 2018 and google-research/bert without a look at our graph.
 */
final class PlainBert {
  private final Path prefix;
  private final EncoderConfig config;

  /** Hidden states [L + 1][S][H] and attention [L][N][S][S]. */
  record Outputs(List<double[][]> states, List<double[][][]> attentions) {
    double[] mean(int layer) {
      double[][] tokens = states.get(layer);
      double[] mean = new double[tokens[0].length];
      for (double[] token : tokens) {
        for (int h = 0; h < mean.length; h++) {
          mean[h] += token[h] / tokens.length;
        }
      }
      return mean;
    }
  }

  PlainBert(Path prefix, EncoderConfig config) {
    this.prefix = prefix;
    this.config = config;
  }

  Outputs run(int[] ids) {
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      List<double[][]> states = new ArrayList<>();
      List<double[][][]> attentions = new ArrayList<>();
      states.add(embeddings(bundle, ids));
      for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
        states.add(layer(bundle, "bert/encoder/layer_" + layer, states.get(layer), attentions));
      }
      return new Outputs(states, attentions);
    }
  }

  private double[][] embeddings(TensorBundle bundle, int[] ids) {
    int hidden = config.hiddenSize();
    float[] words = bundle.floats("bert/embeddings/word_embeddings");
    float[] positions = bundle.floats("bert/embeddings/position_embeddings");
    float[] types = bundle.floats("bert/embeddings/token_type_embeddings");
    double[][] sum = new double[ids.length][hidden];
    for (int i = 0; i < ids.length; i++) {
      for (int h = 0; h < hidden; h++) {
        sum[i][h] = (double) words[ids[i] * hidden + h] + positions[i * hidden + h] + types[h];
      }
    }
    return norm(bundle, "bert/embeddings/LayerNorm", sum);
  }

  private double[][] layer(
      TensorBundle bundle, String name, double[][] x, List<double[][][]> attentions) {
    double[][] q = dense(bundle, name + "/attention/self/query", x);
    double[][] k = dense(bundle, name + "/attention/self/key", x);
    double[][] v = dense(bundle, name + "/attention/self/value", x);
    int size = config.headSize();
    double[][][] probs = new double[config.numAttentionHeads()][x.length][x.length];
    double[][] context = new double[x.length][config.hiddenSize()];
    for (int head = 0; head < probs.length; head++) {
      for (int i = 0; i < x.length; i++) {
        double total = 0;
        for (int j = 0; j < x.length; j++) {
          double score = 0;
          for (int d = head * size; d < (head + 1) * size; d++) {
            score += q[i][d] * k[j][d];
          }
          probs[head][i][j] = Math.exp(score / Math.sqrt(size));
          total += probs[head][i][j];
        }
        for (int j = 0; j < x.length; j++) {
          probs[head][i][j] /= total;
          for (int d = head * size; d < (head + 1) * size; d++) {
            context[i][d] += probs[head][i][j] * v[j][d];
          }
        }
      }
    }
    attentions.add(probs);
    double[][] attended = add(x, dense(bundle, name + "/attention/output/dense", context));
    double[][] middle = norm(bundle, name + "/attention/output/LayerNorm", attended);
    double[][] wide = dense(bundle, name + "/intermediate/dense", middle);
    for (double[] token : wide) {
      for (int h = 0; h < token.length; h++) {
        token[h] = token[h] / 2 * (1 + Erf.erf(token[h] / Math.sqrt(2)));
      }
    }
    double[][] out = add(middle, dense(bundle, name + "/output/dense", wide));
    return norm(bundle, name + "/output/LayerNorm", out);
  }

  private static double[][] dense(TensorBundle bundle, String name, double[][] x) {
    float[] kernel = bundle.floats(name + "/kernel"); // [in, out]
    float[] bias = bundle.floats(name + "/bias");
    double[][] y = new double[x.length][bias.length];
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < bias.length; o++) {
        y[i][o] = bias[o];
        for (int h = 0; h < x[i].length; h++) {
          y[i][o] += x[i][h] * kernel[h * bias.length + o];
        }
      }
    }
    return y;
  }

  private static double[][] add(double[][] a, double[][] b) {
    double[][] sum = new double[a.length][a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int h = 0; h < a[i].length; h++) {
        sum[i][h] = a[i][h] + b[i][h];
      }
    }
    return sum;
  }

  private static double[][] norm(TensorBundle bundle, String name, double[][] x) {
    float[] gamma = bundle.floats(name + "/gamma");
    float[] beta = bundle.floats(name + "/beta");
    double[][] y = new double[x.length][gamma.length];
    for (int i = 0; i < x.length; i++) {
      double mean = 0;
      for (double value : x[i]) {
        mean += value / gamma.length;
      }
      double variance = 0;
      for (double value : x[i]) {
        variance += (value - mean) * (value - mean) / gamma.length;
      }
      for (int h = 0; h < gamma.length; h++) {
        y[i][h] = (x[i][h] - mean) / Math.sqrt(variance + 1e-12) * gamma[h] + beta[h];
      }
    }
    return y;
  }
}
