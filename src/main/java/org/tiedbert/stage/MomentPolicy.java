package org.tiedbert.stage;

/** What a stage starts the optimizer's moments from. */
public enum MomentPolicy {
  /** From those of the source parameter where the stage before trained it, else from zero. */
  COPY,
  /** From zero. */
  RESET
}
