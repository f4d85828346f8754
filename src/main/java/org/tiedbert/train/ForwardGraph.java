package org.tiedbert.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tiedbert.loss.Denominators;
import org.tiedbert.loss.LossConfig;
import org.tiedbert.loss.TrainingLoss;
import org.tiedbert.model.Dropout;
import org.tiedbert.model.Encoder.Encoded;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.Parameters;
import org.tiedbert.model.PreTrainingModel;
import org.tiedbert.model.SequenceShape;
import org.tiedbert.noise.Noise;
import org.tiedbert.noise.NoiseVocabulary;
import org.tiedbert.noise.NoisedView;
import org.tiedbert.noise.NoisedViews;
import org.tiedbert.noise.RandomBits;
import org.tiedbert.noise.ViewsConfig;
import org.tiedbert.text.Vocabulary;

/**
 * From a micro-batch of token ids to the loss, and to the sums of a held-out evaluation.
 * Dimensions: B sequences, V views, R = B·V rows (row = sequence·V + view), S tokens, P
 * predictions, H hidden.
 */
final class ForwardGraph {
  /** Held-out masks are the same in every run, whatever its seed and noise, so runs compare. */
  private static final long EVALUATION_SEED = 20_180_810;

  private static final Noise EVALUATION_NOISE = new Noise.TokenMasking(0.15, 0.8, 0.1);

  /**
   * What a forward graph is built from.
   *
   * @param microBatchSize B
   * @param maxSeqLength S
   */
  record Settings(
      EncoderConfig encoder,
      ViewsConfig views,
      LossConfig loss,
      Vocabulary vocabulary,
      long seed,
      int microBatchSize,
      int maxSeqLength) {
    int numViews() {
      return views.views().size();
    }
  }

  private final Ops tf;
  private final Settings settings;
  private final NoiseVocabulary noiseVocabulary;
  private final Parameters parameters;
  private final PreTrainingModel model;
  private final Feeds feeds;
  private final NoisedView views;
  private final Denominators counts;
  private final Denominators denominators;
  private final TrainingLoss loss;
  private final Operand<TFloat32> metrics;
  private final Operand<TFloat32> evaluation;

  ForwardGraph(Ops tf, Settings settings) {
    this.tf = tf;
    this.settings = settings;
    this.noiseVocabulary = NoiseVocabulary.of(settings.vocabulary().tokens());
    this.parameters = new Parameters(tf);
    this.model =
        new PreTrainingModel(parameters, settings.encoder(), settings.loss().nextSentence());
    this.feeds = Feeds.create(tf, settings.microBatchSize(), settings.maxSeqLength());
    this.views = trainingViews();
    this.counts = count();
    this.denominators =
        counts.withVector(
            tf.withName("denominators").identity(counts.vector())); // a placeholder not in XLA
    this.loss = loss();
    this.metrics = tf.withName("metrics").identity(metrics(loss));
    this.evaluation = tf.withName("evaluation").identity(evaluationSums());
  }

  Parameters parameters() {
    return parameters;
  }

  Feeds feeds() {
    return feeds;
  }

  /** What the views are made of: int32 [R, S], [R, P] and [R, P], float32 [R, P]. */
  List<Operand<?>> noised() {
    return List.of(
        views.inputIds(), views.maskedPositions(), views.maskedLabels(), views.maskedWeights());
  }

  /** float32 [V + 2], counts of this run alone. */
  Operand<TFloat32> counts() {
    return counts.vector();
  }

  /** float32 [V + 2], those of this run unless others are fed. */
  Operand<TFloat32> denominators() {
    return denominators.vector();
  }

  /** float32 scalar, what is minimised. */
  Operand<TFloat32> total() {
    return loss.total();
  }

  /** float32, in the order of {@link StepMetrics#of}. */
  Operand<TFloat32> metrics() {
    return metrics;
  }

  /** float32, in the order of {@link HeldOutSums#of}. */
  Operand<TFloat32> evaluation() {
    return evaluation;
  }

  private NoisedView trainingViews() {
    RandomBits bits = new RandomBits(settings.seed(), feeds.step(), feeds.firstPlace());
    return NoisedViews.of(
        tf.withSubScope("noise"), settings.views(), noiseVocabulary, bits, feeds.inputIds());
  }

  private Denominators count() {
    Operand<TFloat32> weights = perView(views.maskedWeights(), settings.numViews());
    return Denominators.count(tf, weights, real(feeds.inputIds()), settings.numViews());
  }

  private TrainingLoss loss() {
    int numViews = settings.numViews();
    int rows = settings.microBatchSize() * numViews;
    Operand<TInt64> firstRow = tf.math.mul(feeds.firstPlace(), tf.constant((long) numViews));
    Dropout dropout = Dropout.of(new RandomBits(settings.seed(), feeds.step(), firstRow), rows);
    Ops scope = tf.withSubScope("forward");
    return TrainingLoss.of(
        scope.withSubScope("loss"),
        settings.loss(),
        predictions(scope, views, numViews, dropout),
        denominators);
  }

  private TrainingLoss.Predictions predictions(
      Ops scope, NoisedView views, int numViews, Dropout dropout) {
    int rows = settings.microBatchSize() * numViews;
    SequenceShape shape = SequenceShape.fixed(scope, rows, settings.maxSeqLength());
    Operand<TInt32> real = scope.dtypes.cast(isReal(views.inputIds()), TInt32.class); // [R, S]
    Encoded encoded =
        model
            .encoder()
            .apply(
                scope,
                shape,
                views.inputIds(),
                real,
                perRow(feeds.segmentIds(), numViews),
                dropout);
    Operand<TInt32> tokens = PreTrainingModel.tokens(scope, shape, views.maskedPositions());
    Operand<TFloat32> logits =
        model.maskedLanguageModel().apply(scope, encoded.features(), tokens); // [R·P, C]
    Operand<TFloat32> features =
        scope.reshape(
            encoded.features(),
            scope.array(
                settings.microBatchSize(),
                numViews,
                settings.maxSeqLength(),
                settings.encoder().hiddenSize())); // [B, V, S, H]
    Optional<TrainingLoss.NextSentence> nextSentence =
        model
            .nextSentence(scope, shape, encoded.features())
            .map(
                pairs ->
                    new TrainingLoss.NextSentence(
                        pairs, perRow(feeds.nextSentenceLabels(), numViews)));
    return new TrainingLoss.Predictions(
        logits,
        scope.reshape(views.maskedLabels(), scope.array(-1)),
        perView(views.maskedWeights(), numViews),
        features,
        real(feeds.inputIds()),
        nextSentence);
  }

  private Operand<TFloat32> metrics(TrainingLoss terms) {
    List<Operand<TFloat32>> scalars =
        List.of(
            terms.total(),
            terms.crossEntropy(),
            terms.consistency(),
            terms.nextSentence(),
            terms.nextSentenceAccuracy());
    return tf.concat(List.of(tf.stack(scalars), terms.accuracy()), tf.constant(0));
  }

  /** Sums over one batch of held-out text, one view, without dropout, masks fixed for ever. */
  private Operand<TFloat32> evaluationSums() {
    Ops scope = tf.withSubScope("held_out");
    ViewsConfig oneView =
        new ViewsConfig(List.of(EVALUATION_NOISE), settings.views().maxPredictionsPerSeq());
    RandomBits bits = new RandomBits(EVALUATION_SEED, tf.constant(0L), feeds.firstPlace());
    NoisedView view = NoisedViews.of(scope, oneView, noiseVocabulary, bits, feeds.inputIds());
    TrainingLoss.Predictions predictions = predictions(scope, view, 1, Dropout.none());
    Denominators own =
        Denominators.count(scope, predictions.weights(), predictions.real(), 1); // [3]
    LossConfig untied =
        new LossConfig(0, settings.loss().featureLevel(), settings.loss().nextSentence());
    TrainingLoss means = TrainingLoss.of(scope, untied, predictions, own);
    Operand<TFloat32> perPrediction =
        scope.stack(List.of(means.crossEntropy(), scope.squeeze(means.accuracy())));
    Operand<TFloat32> perSequence =
        scope.stack(List.of(means.nextSentence(), means.nextSentenceAccuracy()));
    Operand<TFloat32> predicted = scope.slice(own.vector(), scope.array(0), scope.array(1));
    Operand<TFloat32> sequences = scope.slice(own.vector(), scope.array(2), scope.array(1));
    List<Operand<TFloat32>> sums = new ArrayList<>();
    sums.add(predicted);
    sums.add(scope.math.mul(perPrediction, predicted));
    sums.add(sequences);
    sums.add(scope.math.mul(perSequence, sequences));
    return scope.concat(sums, scope.constant(0));
  }

  private Operand<TBool> isReal(Operand<TInt32> inputIds) {
    return tf.math.notEqual(inputIds, tf.constant(settings.vocabulary().padId()));
  }

  private Operand<TFloat32> real(Operand<TInt32> inputIds) {
    return tf.dtypes.cast(isReal(inputIds), TFloat32.class);
  }

  /** float32 [B·V, P] as [B, V, P]. */
  private Operand<TFloat32> perView(Operand<TFloat32> weights, int numViews) {
    return tf.reshape(weights, tf.array(settings.microBatchSize(), numViews, -1));
  }

  /** Each sequence's values once for every view: [B, …] as [B·V, …]. */
  private Operand<TInt32> perRow(Operand<TInt32> values, int numViews) {
    Operand<TInt32> stacked =
        tf.stack(Collections.nCopies(numViews, values), Stack.axis(1L)); // [B, V, …]
    long[] rows = values.shape().asArray();
    rows[0] *= numViews;
    return tf.reshape(stacked, tf.constant(rows));
  }
}
