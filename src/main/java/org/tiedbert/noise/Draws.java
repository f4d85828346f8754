package org.tiedbert.noise;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/** The random numbers of one view, each use from a stream of its own; all int32 [B, S]. */
record Draws(RandomBits bits, String streamPrefix, Sequences sequences) {
  /** The stream that decides which positions are chosen. */
  String choice() {
    return streamPrefix + "/choice";
  }

  /** What happens to a position or a span. */
  Operand<TInt32> actions(Ops tf) {
    return uint31(tf, "/action");
  }

  /** Which token replaces a position's. */
  Operand<TInt32> tokens(Ops tf) {
    return uint31(tf, "/token");
  }

  /** How long a span is. */
  Operand<TInt32> lengths(Ops tf) {
    return uint31(tf, "/length");
  }

  private Operand<TInt32> uint31(Ops tf, String use) {
    return bits.uint31(tf, streamPrefix + use, sequences.numRows(), sequences.seqLength());
  }
}
