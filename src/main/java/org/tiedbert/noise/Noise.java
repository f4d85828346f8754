package org.tiedbert.noise;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;

/**
 * One way to corrupt a batch of token ids so that a model can learn to undo it. Of n tokens of a
 * sequence that are neither padding nor special, min(P, max(1, round(rate·n))) are chosen and
 * predicted, at most P = maxPredictionsPerSeq; a sequence without such tokens is left alone. {@link
 * WholeWordMasking} alone departs from that count, as it says.
 */
public sealed interface Noise {
  /** Share of the tokens that is chosen, in (0, 1]. */
  double rate();

  /**
   * @param bits whose first row is the place of the first sequence in the global batch
   * @param streamPrefix names the view; two views of one prefix draw the same numbers
   * @param inputIds int32 [B, S] of static shape
   * @param maxPredictionsPerSeq in [1, S]
   * @throws IllegalArgumentException if the shape is not static or maxPredictionsPerSeq too large
   */
  NoisedView apply(
      Ops tf,
      NoiseVocabulary vocabulary,
      RandomBits bits,
      String streamPrefix,
      Operand<TInt32> inputIds,
      int maxPredictionsPerSeq);

  /**
   * Single tokens, each masked, replaced or kept on its own (BERT, Devlin et al. 2019, section 3.1:
   * rate 0.15, maskProb 0.8, randomProb 0.1).
   */
  record TokenMasking(double rate, double maskProb, double randomProb) implements Noise {
    public TokenMasking {
      requireRate(rate);
      new Replacement(maskProb, randomProb);
    }

    @Override
    public NoisedView apply(
        Ops tf,
        NoiseVocabulary vocabulary,
        RandomBits bits,
        String streamPrefix,
        Operand<TInt32> inputIds,
        int maxPredictionsPerSeq) {
      Sequences sequences = Sequences.of(tf, vocabulary, inputIds, rate, maxPredictionsPerSeq);
      Draws draws = new Draws(bits, streamPrefix, sequences);
      Operand<TBool> chosen = sequences.choosePositions(tf, bits, draws.choice()); // [B, S]
      Operand<TInt32> noised =
          new Replacement(maskProb, randomProb)
              .apply(tf, vocabulary, inputIds, chosen, draws.actions(tf), draws.tokens(tf));
      return NoisedView.of(tf, sequences, noised, chosen);
    }
  }

  /**
   * Whole words: all pieces of a chosen word are predicted, each masked, replaced or kept on its
   * own (google-research/bert, 2019). Words are taken in random order until the count is reached,
   * so the last one may lead above it; a word that would lead above maxPredictionsPerSeq is passed
   * over, and a word longer than that is never chosen.
   */
  record WholeWordMasking(double rate, double maskProb, double randomProb) implements Noise {
    public WholeWordMasking {
      requireRate(rate);
      new Replacement(maskProb, randomProb);
    }

    @Override
    public NoisedView apply(
        Ops tf,
        NoiseVocabulary vocabulary,
        RandomBits bits,
        String streamPrefix,
        Operand<TInt32> inputIds,
        int maxPredictionsPerSeq) {
      Sequences sequences = Sequences.of(tf, vocabulary, inputIds, rate, maxPredictionsPerSeq);
      Draws draws = new Draws(bits, streamPrefix, sequences);
      Operand<TBool> wordStarts = sequences.wordStarts(tf, vocabulary); // [B, S]
      Segments words = Segments.startingAt(tf, sequences, wordStarts);
      Operand<TBool> chosen = words.chooseWhole(tf, bits, draws.choice()); // [B, S]
      Operand<TInt32> noised =
          new Replacement(maskProb, randomProb)
              .apply(tf, vocabulary, inputIds, chosen, draws.actions(tf), draws.tokens(tf));
      return NoisedView.of(tf, sequences, noised, chosen);
    }
  }

  /**
   * Spans of whole words, all tokens of a span masked, all replaced or all kept (SpanBERT, Joshi et
   * al. 2020, section 3.1: spanEndProb 0.2, maxSpanWords 10, 3.8 words on average).
   *
   * <p>A departure for the sake of static shapes: instead of placing spans until enough tokens are
   * covered, the sequence is cut into spans from end to end, with lengths from P(ℓ) ∝ p·(1 − p)ˡ⁻¹,
   * 1 ≤ ℓ ≤ maxSpanWords, p = spanEndProb, and spans are taken in random order. So spans never
   * overlap, though two may touch. One is cut short where a special token or the sequence ends, and
   * the last one taken where the count is reached, as in SpanBERT's own code.
   */
  record SpanMasking(
      double rate, double maskProb, double randomProb, double spanEndProb, int maxSpanWords)
      implements Noise {
    public SpanMasking {
      requireRate(rate);
      new Replacement(maskProb, randomProb);
      new SpanLength(spanEndProb, maxSpanWords);
    }

    @Override
    public NoisedView apply(
        Ops tf,
        NoiseVocabulary vocabulary,
        RandomBits bits,
        String streamPrefix,
        Operand<TInt32> inputIds,
        int maxPredictionsPerSeq) {
      Sequences sequences = Sequences.of(tf, vocabulary, inputIds, rate, maxPredictionsPerSeq);
      Draws draws = new Draws(bits, streamPrefix, sequences);
      Operand<TBool> wordStarts = sequences.wordStarts(tf, vocabulary); // [B, S]
      Operand<TBool> spanStarts =
          new SpanLength(spanEndProb, maxSpanWords)
              .spanStarts(tf, sequences, wordStarts, draws.lengths(tf)); // [B, S]
      Segments spans = Segments.startingAt(tf, sequences, spanStarts);
      Operand<TBool> chosen = spans.chooseExactly(tf, bits, draws.choice()); // [B, S]
      Operand<TInt32> actions = Rows.at(tf, draws.actions(tf), spans.indexOf()); // [B, S]
      Operand<TInt32> noised =
          new Replacement(maskProb, randomProb)
              .apply(tf, vocabulary, inputIds, chosen, actions, draws.tokens(tf));
      return NoisedView.of(tf, sequences, noised, chosen);
    }
  }

  /**
   * Single tokens, each replaced by a random one that is not special and never by [MASK], so that
   * the input looks as it does at fine-tuning. By chance the random token may be the token itself.
   */
  record TokenReplacement(double rate) implements Noise {
    private static final Replacement ALWAYS = new Replacement(0, 1);

    public TokenReplacement {
      requireRate(rate);
    }

    @Override
    public NoisedView apply(
        Ops tf,
        NoiseVocabulary vocabulary,
        RandomBits bits,
        String streamPrefix,
        Operand<TInt32> inputIds,
        int maxPredictionsPerSeq) {
      Sequences sequences = Sequences.of(tf, vocabulary, inputIds, rate, maxPredictionsPerSeq);
      Draws draws = new Draws(bits, streamPrefix, sequences);
      Operand<TBool> chosen = sequences.choosePositions(tf, bits, draws.choice()); // [B, S]
      Operand<TInt32> noised =
          ALWAYS.apply(tf, vocabulary, inputIds, chosen, draws.actions(tf), draws.tokens(tf));
      return NoisedView.of(tf, sequences, noised, chosen);
    }
  }

  private static void requireRate(double rate) {
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate must lie in (0, 1], got " + rate);
    }
  }
}
