/**
 * Configuration and shards into a trained encoder: the graph of each stage, the session that runs
 * it, and the loop over steps with its evaluation, checkpoints and progress.
 */
package org.tiedbert.train;
