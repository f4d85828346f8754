/**
 * Two views and their labels into the loss, L = (CE₁ + CE₂)/2 + w·MSE, its terms kept apart. Every
 * term is a sum over this run's sequences divided by a count over the whole global batch ({@link
 * org.tiedbert.loss.Denominators}), so the terms and gradients of micro-batches add up to those of
 * the batch.
 */
package org.tiedbert.loss;
