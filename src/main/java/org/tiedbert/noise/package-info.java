/**
 * From one batch of token ids to one or two noised views of it, in the graph. Everything random is
 * a pure function of seed, step, stream name and the row's place in the global batch ({@link
 * org.tiedbert.noise.RandomBits}), so neither micro-batches, nor the number of workers, nor a
 * resume changes what a sequence sees. Each variant of {@link org.tiedbert.noise.Noise} chooses
 * positions to predict and says what stands there instead; special tokens and padding are never
 * touched. All shapes are static, and no op needs more than CPU, GPU and XLA all offer.
 */
package org.tiedbert.noise;
