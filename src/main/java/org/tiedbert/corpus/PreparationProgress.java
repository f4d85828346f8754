package org.tiedbert.corpus;

/**
 * How far a preparation is.
 *
 * @param bytesRead of the input files as they lie on disk, of {@code totalBytes}
 * @param numSequences written so far, in all splits
 * @param numTextTokens tokenized so far
 */
public record PreparationProgress(
    long bytesRead, long totalBytes, long numSequences, long numTextTokens) {}
