/**
 * Shards into batches of a fixed shape. {@link org.tiedbert.batch.GlobalShuffle} computes which
 * record comes at which position of a run, {@link org.tiedbert.batch.BatchSource} reads ahead from
 * there, and a {@link org.tiedbert.batch.BatchCursor}, one number, is all that a checkpoint keeps
 * to go on with the very batch that would have come next.
 */
package org.tiedbert.batch;
