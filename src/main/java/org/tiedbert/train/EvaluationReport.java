package org.tiedbert.train;

import java.util.OptionalDouble;

/**
 * One evaluation on held-out text, as a person is told of it.
 *
 * @param step updates behind it
 * @param crossEntropy of the masked positions, in nats
 * @param accuracy of the masked positions, in [0, 1]
 * @param nextSentenceAccuracy in [0, 1], where the model has that head
 * @param unigramEntropy of the same text, in nats: what guessing by frequency alone reaches
 */
public record EvaluationReport(
    long step,
    double crossEntropy,
    double accuracy,
    OptionalDouble nextSentenceAccuracy,
    double unigramEntropy) {}
