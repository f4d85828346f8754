package org.tiedbert.corpus;

import java.time.Duration;

/**
 * What a preparation made.
 *
 * @param numTextTokens tokens of the text, before packing
 * @param numDroppedTokens tokens of remainders too short to keep
 * @param duration from the first byte read to the output in place
 */
public record PreparationResult(
    ShardManifest manifest,
    long numDocuments,
    long numTextTokens,
    long numDroppedTokens,
    Duration duration) {
  /** Tokens of the text per second, everything included. */
  public double tokensPerSecond() {
    return numTextTokens / (duration.toNanos() * 1e-9);
  }

  /** Share of all places in all sequences that hold a token and not padding. */
  public double fillRate() {
    long numSequences = manifest.train().numSequences() + manifest.heldOut().numSequences();
    long numTokens = manifest.train().numTokens() + manifest.heldOut().numTokens();
    return ShardManifest.SplitManifest.fillRate(numTokens, numSequences * manifest.maxSeqLength());
  }
}
