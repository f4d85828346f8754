package org.tiedbert.corpus;

import java.util.Arrays;
import org.tiedbert.text.Vocabulary;

/** The records of some sequences, as bytes ready to be written, and what was counted in them. */
final class PackedSequences implements SequencePacker.Sink {
  private final RecordFormat format;
  private final int padId;
  private final long[] countOfId;
  private byte[] records;
  private int numSequences;
  private long numDroppedTokens;

  PackedSequences(RecordFormat format, Vocabulary vocabulary, int expectedSequences) {
    this.format = format;
    padId = vocabulary.padId();
    countOfId = new long[vocabulary.size()];
    records = new byte[Math.multiplyExact(Math.max(1, expectedSequences), format.recordBytes())];
  }

  @Override
  public void sequence(int[] inputIds, int[] segmentIds, int nextSentenceLabel) {
    int at = Math.multiplyExact(numSequences, format.recordBytes());
    if (records.length - at < format.recordBytes()) {
      records = Arrays.copyOf(records, Math.max(at + format.recordBytes(), at + at / 2));
    }
    format.encode(inputIds, segmentIds, nextSentenceLabel, records, at);
    for (int id : inputIds) {
      countOfId[id]++;
    }
    numSequences++;
  }

  @Override
  public void dropped(int numTokens) {
    numDroppedTokens += numTokens;
  }

  /** The records one after another; valid up to {@code numSequences · recordBytes}. */
  byte[] records() {
    return records;
  }

  int numSequences() {
    return numSequences;
  }

  long numDroppedTokens() {
    return numDroppedTokens;
  }

  /** Everything but padding. */
  long numTokens() {
    return (long) numSequences * format.maxSeqLength() - countOfId[padId];
  }

  void addCountsTo(long[] totalOfId) {
    for (int id = 0; id < countOfId.length; id++) {
      totalOfId[id] += countOfId[id];
    }
  }
}
