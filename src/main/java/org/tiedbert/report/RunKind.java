package org.tiedbert.report;

/** What a run directory holds a run of. */
public enum RunKind {
  /** Shards into an encoder. */
  PRE_TRAINING("pre-training"),
  /** An encoder into a classifier or a regression. */
  FINE_TUNING("fine-tuning");

  private final String inWords;

  RunKind(String inWords) {
    this.inWords = inWords;
  }

  String inWords() {
    return inWords;
  }

  /** A pre-training run has stages; nothing else has. */
  static RunKind of(Settings settings) {
    return settings.isEmpty() || settings.text("stages.kind").isPresent()
        ? PRE_TRAINING
        : FINE_TUNING;
  }
}
