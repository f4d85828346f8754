package org.tiedbert.corpus;

import java.util.List;

/** Lays the tokens of a chunk of documents into sequences of a fixed length; for one thread. */
public interface SequencePacker {
  /**
   * Packs whole documents and finishes the last sequence.
   *
   * @param documents each a list of token ids by paragraph, or by sentence for sentence pairs
   */
  void pack(List<List<int[]>> documents, Sink sink);

  /** Takes what a packer makes. */
  interface Sink {
    /**
     * One sequence; the arrays are reused after the call.
     *
     * @param inputIds token ids [S]
     * @param segmentIds 0 for the first segment and padding, 1 for the second [S]
     * @param nextSentenceLabel 0 if the second segment follows the first, 1 if it is random
     */
    void sequence(int[] inputIds, int[] segmentIds, int nextSentenceLabel);

    /** A remainder too short to keep. */
    void dropped(int numTokens);
  }
}
