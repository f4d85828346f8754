package org.tiedbert.corpus;

import org.tiedbert.text.Vocabulary;

/** How often each token id occurs in a split. */
record UnigramCounts(Vocabulary vocabulary, long[] countOfId) {
  /** Everything but padding. */
  long numTokens() {
    long sum = 0;
    for (int id = 0; id < countOfId.length; id++) {
      sum += id == vocabulary.padId() ? 0 : countOfId[id];
    }
    return sum;
  }

  /** −Σ p ln p in nats over the ids of other than the five special tokens; 0 without any. */
  double entropy() {
    double total = 0;
    double sumOfCountLogCount = 0;
    for (int id = 0; id < countOfId.length; id++) {
      if (countOfId[id] > 0 && !vocabulary.isSpecial(id)) {
        total += countOfId[id];
        sumOfCountLogCount += countOfId[id] * Math.log(countOfId[id]);
      }
    }
    return total == 0 ? 0 : Math.max(0, Math.log(total) - sumOfCountLogCount / total);
  }
}
