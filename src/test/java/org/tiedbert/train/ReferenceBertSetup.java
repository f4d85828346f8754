package org.tiedbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.batch.Batch;
import org.tiedbert.batch.BatchShare;
import org.tiedbert.cluster.OneWorker;
import org.tiedbert.cluster.Workers;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.loss.LossConfig;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.noise.Noise;
import org.tiedbert.noise.ViewsConfig;
import org.tiedbert.optim.AdamW;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.text.Vocabulary;

/**
 * A tiny BERT with every size different from every other, batches with padding in them, and values
 * for all its parameters that are large enough for every part to matter.
 */
final class ReferenceBertSetup {
  static final int SEQ_LENGTH = 20;
  static final long SEED = 11;

  /** Special tokens in odd places. */
  static final Vocabulary VOCABULARY = vocabulary();

  static final EngineConfig FLOAT32 =
      new EngineConfig(Precision.FLOAT32, XlaMode.OFF, EngineConfig.Device.CPU, 2);
  static final AdamW ADAM = new AdamW(0.9, 0.999, 1e-6, 0.01, true);

  private static final int NUM_PREDICTIONS = 4;
  private static final Noise NOISE = new Noise.TokenMasking(0.3, 0.8, 0.1);

  private ReferenceBertSetup() {}

  private static Vocabulary vocabulary() {
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < 41; id++) {
      tokens.add("word" + id);
    }
    tokens.set(3, "[PAD]");
    tokens.set(0, "[UNK]");
    tokens.set(17, "[CLS]");
    tokens.set(40, "[SEP]");
    tokens.set(22, "[MASK]");
    return Vocabulary.of(tokens);
  }

  static ForwardGraph.Settings forward(
      double hiddenDropoutProb,
      double attentionDropoutProb,
      int numViews,
      LossConfig loss,
      int microBatchSize) {
    EncoderConfig encoder =
        new EncoderConfig(
            VOCABULARY.tokens().size(),
            23,
            2,
            16,
            2,
            2,
            28,
            hiddenDropoutProb,
            attentionDropoutProb,
            0.02);
    ViewsConfig views = new ViewsConfig(Collections.nCopies(numViews, NOISE), NUM_PREDICTIONS);
    return new ForwardGraph.Settings(
        encoder, views, loss, VOCABULARY, SEED, microBatchSize, SEQ_LENGTH);
  }

  /** A session with values for all parameters, training those chosen. */
  static StageSession open(
      ForwardGraph.Settings forward, EngineConfig engine, Predicate<String> trains) {
    Workers worker = new OneWorker(engine);
    int size = forward.microBatchSize();
    TrainGraph.Settings training =
        new TrainGraph.Settings(
            0.02, SEED, trains, name -> 0, ADAM, new GlobalNormClip(1), engine, worker);
    StageSession session =
        new StageSession(
            TrainGraph.build(forward, training), worker, BatchShare.of(size, size, 1, 0));
    Map<String, float[]> values = new LinkedHashMap<>();
    session
        .graph()
        .variables()
        .forEach((name, variable) -> values.put(name, values(name, variable.shape())));
    session.values().assign(values);
    return session;
  }

  /** Whether anything in the loss depends on a parameter: the pooler serves the second head. */
  static Predicate<String> reached(LossConfig loss) {
    return name -> loss.nextSentence() || !name.startsWith("bert/pooler/");
  }

  static List<String> parameterNames(StageSession session) {
    return List.copyOf(session.graph().parameterSizes().keySet());
  }

  private static float[] values(String name, Shape shape) {
    float[] values = new float[(int) shape.size()];
    if (name.endsWith("/adam_m") || name.endsWith("/adam_v")) {
      return values;
    }
    Random random = new Random(name.hashCode());
    double mean = name.endsWith("/gamma") ? 1 : 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + 0.3 * random.nextGaussian());
    }
    return values;
  }

  /** The parameters' values as the reference reads them. */
  static Map<String, double[]> parameters(StageSession session) {
    Map<String, double[]> parameters = new TreeMap<>();
    session
        .values()
        .read(parameterNames(session))
        .forEach((name, values) -> parameters.put(name, doubles(values)));
    return parameters;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /**
   * Sentence pairs, [CLS] words [SEP] words [SEP] [PAD] ….
   *
   * @param lengths real tokens of each sequence; 0 is all padding
   */
  static Batch batch(int... lengths) {
    Random random = new Random(7);
    int[] ids = new int[lengths.length * SEQ_LENGTH];
    int[] segments = new int[ids.length];
    int[] labels = new int[lengths.length];
    for (int b = 0; b < lengths.length; b++) {
      int split = lengths[b] / 2;
      for (int s = 0; s < SEQ_LENGTH; s++) {
        int at = b * SEQ_LENGTH + s;
        ids[at] = token(random, s, split, lengths[b]);
        segments[at] = s > split && s < lengths[b] ? 1 : 0;
      }
      labels[b] = b % 3 == 0 ? 1 : 0;
    }
    return new Batch(lengths.length, SEQ_LENGTH, ids, segments, labels, new long[lengths.length]);
  }

  /** Consecutive sequences of a batch. */
  static Batch sequences(Batch batch, int first, int size) {
    int from = first * SEQ_LENGTH;
    int to = from + size * SEQ_LENGTH;
    return new Batch(
        size,
        SEQ_LENGTH,
        Arrays.copyOfRange(batch.inputIds(), from, to),
        Arrays.copyOfRange(batch.segmentIds(), from, to),
        Arrays.copyOfRange(batch.nextSentenceLabels(), first, first + size),
        Arrays.copyOfRange(batch.records(), first, first + size));
  }

  private static int token(Random random, int s, int split, int length) {
    if (s >= length) {
      return VOCABULARY.padId();
    }
    if (s == 0) {
      return VOCABULARY.clsId();
    }
    return s == split || s == length - 1 ? VOCABULARY.sepId() : 23 + random.nextInt(17);
  }
}
