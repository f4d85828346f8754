package org.tiedbert.train;

import java.util.Map;
import org.tiedbert.model.EncoderConfig;

/**
 * BERT with its pre-training heads in double precision and plain loops, one sequence at a time,
 * written from the formulas of Vaswani et al. 2017, Devlin et al. 2018, Ba et al. 2016 and
 * Hendrycks 2016. It shares nothing with the model but the parameters' names. Dimensions: S tokens,
 * H hidden, N heads, D head size.
 */
final class ReferenceBert {
  private final EncoderConfig config;
  private final Map<String, double[]> parameters;
  private final ReferenceBertDropout dropout;

  /**
   * @param parameters by name, row-major; read at every call, so that a caller may vary them
   */
  ReferenceBert(
      EncoderConfig config, Map<String, double[]> parameters, ReferenceBertDropout dropout) {
    this.config = config;
    this.parameters = parameters;
    this.dropout = dropout;
  }

  /**
   * The top layer's output, [S][H].
   *
   * @param row number of this view of this sequence in the global batch
   * @param real false on padding [S]
   */
  double[][] features(long row, int[] ids, int[] segments, boolean[] real) {
    double[][] x = new double[ids.length][config.hiddenSize()];
    for (int s = 0; s < ids.length; s++) {
      for (int h = 0; h < config.hiddenSize(); h++) {
        x[s][h] =
            at("bert/embeddings/word_embeddings", ids[s], h)
                + at("bert/embeddings/token_type_embeddings", segments[s], h)
                + at("bert/embeddings/position_embeddings", s, h);
      }
    }
    x = layerNorm("bert/embeddings/LayerNorm", x);
    x = dropout.apply(config.hiddenDropoutProb(), "embeddings", row, x);
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      x = layer("bert/encoder/layer_" + i, row, x, real);
    }
    return x;
  }

  private double[][] layer(String path, long row, double[][] x, boolean[] real) {
    double prob = config.hiddenDropoutProb();
    double[][] attended = attention(path + "/attention", row, x, real);
    double[][] middle =
        layerNorm(
            path + "/attention/output/LayerNorm",
            sum(x, dropout.apply(prob, path + "/attention/output", row, attended)));
    double[][] hidden = dense(path + "/intermediate/dense", middle);
    for (double[] token : hidden) {
      for (int i = 0; i < token.length; i++) {
        token[i] = gelu(token[i]);
      }
    }
    double[][] fed = dense(path + "/output/dense", hidden);
    return layerNorm(
        path + "/output/LayerNorm", sum(middle, dropout.apply(prob, path + "/output", row, fed)));
  }

  private double[][] attention(String path, long row, double[][] x, boolean[] real) {
    int numTokens = x.length;
    int headSize = config.hiddenSize() / config.numAttentionHeads();
    double[][] query = dense(path + "/self/query", x);
    double[][] key = dense(path + "/self/key", x);
    double[][] value = dense(path + "/self/value", x);
    double[][] probs = new double[config.numAttentionHeads() * numTokens][numTokens];
    for (int n = 0; n < config.numAttentionHeads(); n++) {
      for (int from = 0; from < numTokens; from++) {
        double[] scores = new double[numTokens];
        for (int to = 0; to < numTokens; to++) {
          double product = 0;
          for (int d = n * headSize; d < (n + 1) * headSize; d++) {
            product += query[from][d] * key[to][d];
          }
          scores[to] = product / Math.sqrt(headSize) + (real[to] ? 0 : -10_000);
        }
        probs[n * numTokens + from] = softmax(scores);
      }
    }
    probs = dropout.apply(config.attentionDropoutProb(), path + "/probs", row, probs);
    double[][] context = new double[numTokens][config.hiddenSize()];
    for (int from = 0; from < numTokens; from++) {
      for (int h = 0; h < config.hiddenSize(); h++) {
        for (int to = 0; to < numTokens; to++) {
          context[from][h] += probs[h / headSize * numTokens + from][to] * value[to][h];
        }
      }
    }
    return dense(path + "/output/dense", context);
  }

  /** Logits of the vocabulary from one token's features. */
  double[] maskedLanguageModel(double[] features) {
    String path = "cls/predictions";
    double[] x = dense(path + "/transform/dense", new double[][] {features})[0];
    for (int i = 0; i < x.length; i++) {
      x[i] = gelu(x[i]);
    }
    x = layerNorm(path + "/transform/LayerNorm", new double[][] {x})[0];
    double[] logits = parameters.get(path + "/output_bias").clone();
    for (int token = 0; token < logits.length; token++) {
      for (int h = 0; h < x.length; h++) {
        logits[token] += x[h] * at("bert/embeddings/word_embeddings", token, h);
      }
    }
    return logits;
  }

  /** Two logits from the first token's features. */
  double[] nextSentence(double[] features) {
    double[] pooled = dense("bert/pooler/dense", new double[][] {features})[0];
    double[] logits = parameters.get("cls/seq_relationship/output_bias").clone();
    for (int c = 0; c < logits.length; c++) {
      for (int h = 0; h < pooled.length; h++) {
        logits[c] += Math.tanh(pooled[h]) * at("cls/seq_relationship/output_weights", c, h);
      }
    }
    return logits;
  }

  private double at(String table, int row, int h) {
    return parameters.get(table)[row * config.hiddenSize() + h];
  }

  private double[][] dense(String path, double[][] x) {
    double[] kernel = parameters.get(path + "/kernel");
    double[] bias = parameters.get(path + "/bias");
    double[][] y = new double[x.length][];
    for (int s = 0; s < x.length; s++) {
      y[s] = bias.clone();
      for (int i = 0; i < x[s].length; i++) {
        for (int o = 0; o < bias.length; o++) {
          y[s][o] += x[s][i] * kernel[i * bias.length + o];
        }
      }
    }
    return y;
  }

  private double[][] layerNorm(String path, double[][] x) {
    double[] gamma = parameters.get(path + "/gamma");
    double[] beta = parameters.get(path + "/beta");
    double[][] y = new double[x.length][gamma.length];
    for (int s = 0; s < x.length; s++) {
      double mean = 0;
      double variance = 0;
      for (double value : x[s]) {
        mean += value / x[s].length;
      }
      for (double value : x[s]) {
        variance += (value - mean) * (value - mean) / x[s].length;
      }
      for (int h = 0; h < gamma.length; h++) {
        y[s][h] = gamma[h] * (x[s][h] - mean) / Math.sqrt(variance + 1e-12) + beta[h];
      }
    }
    return y;
  }

  private static double[][] sum(double[][] a, double[][] b) {
    double[][] sum = new double[a.length][a[0].length];
    for (int s = 0; s < a.length; s++) {
      for (int h = 0; h < a[s].length; h++) {
        sum[s][h] = a[s][h] + b[s][h];
      }
    }
    return sum;
  }

  static double[] softmax(double[] scores) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      largest = Math.max(largest, score);
    }
    double[] probs = new double[scores.length];
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      probs[i] = Math.exp(scores[i] - largest);
      sum += probs[i];
    }
    for (int i = 0; i < scores.length; i++) {
      probs[i] /= sum;
    }
    return probs;
  }

  static double gelu(double x) {
    return x * (1 + erf(x / Math.sqrt(2))) / 2;
  }

  /** 2/√π · exp(−x²) · Σ 2ⁿ·x²ⁿ⁺¹/(2n + 1)!!, whose terms all have one sign (DLMF 7.6.2). */
  static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
