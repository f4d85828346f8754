package org.tiedbert.export;

/**
 * What a classifier says of one label for a text.
 *
 * @param label one of the model's
 * @param score its probability, in [0, 1]; those of all labels sum to 1. Of a regression, whose
 *     only label names what is predicted, the predicted value.
 */
public record Classification(String label, double score) {}
