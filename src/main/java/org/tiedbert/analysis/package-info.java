/**
 * Checkpoints and runs into the papers' figures: what the layers of a model say of sentences, where
 * its heads look, how fast runs learn. A figure is a picture for a paper and its numbers.
 */
package org.tiedbert.analysis;
