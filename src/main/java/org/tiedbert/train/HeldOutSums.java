package org.tiedbert.train;

/**
 * Sums over held-out text, added up batch by batch. Cross entropies are in nats.
 *
 * @param numPredictions masked positions seen
 * @param crossEntropy sum over them
 * @param numCorrect those whose label had the largest logit
 * @param numSequences sequences seen
 * @param nextSentence sum over them, 0 where next-sentence prediction is off
 * @param numNextSentenceCorrect likewise
 */
record HeldOutSums(
    double numPredictions,
    double crossEntropy,
    double numCorrect,
    double numSequences,
    double nextSentence,
    double numNextSentenceCorrect) {

  static HeldOutSums zero() {
    return new HeldOutSums(0, 0, 0, 0, 0, 0);
  }

  /** In the order of the graph's evaluation vector. */
  static HeldOutSums of(double[] sums) {
    return new HeldOutSums(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
  }

  double[] toArray() {
    return new double[] {
      numPredictions, crossEntropy, numCorrect, numSequences, nextSentence, numNextSentenceCorrect
    };
  }

  HeldOutSums plus(HeldOutSums other) {
    return new HeldOutSums(
        numPredictions + other.numPredictions,
        crossEntropy + other.crossEntropy,
        numCorrect + other.numCorrect,
        numSequences + other.numSequences,
        nextSentence + other.nextSentence,
        numNextSentenceCorrect + other.numNextSentenceCorrect);
  }
}
