package org.tiedbert.engine;

/** What belongs to the backward pass, by the names that nodes have. */
final class BackwardPass {
  /** Where TensorFlow puts what it adds for gradients. */
  static final String GRADIENTS = "gradients/";

  /** Where {@link Recomputation} puts what is computed again. */
  static final String RECOMPUTED = "recomputed/";

  private BackwardPass() {}

  static boolean has(String node) {
    return node.startsWith(GRADIENTS) || node.startsWith(RECOMPUTED);
  }
}
