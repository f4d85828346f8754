package org.tiedbert.report;

/** What a run directory holds a run of. */
public enum RunKind {
  /** Shards into an encoder. */
  PRE_TRAINING("pre-training"),
  /** An encoder into a classifier or a regression. */
  FINE_TUNING("fine-tuning"),
  /** An encoder into a table of GLUE: many fine-tuning runs. */
  GLUE("GLUE");

  private final String inWords;

  RunKind(String inWords) {
    this.inWords = inWords;
  }

  String inWords() {
    return inWords;
  }

  /** A pre-training run alone has stages, and a table alone a grid. */
  static RunKind of(Settings settings) {
    if (settings.isEmpty() || settings.text("stages.kind").isPresent()) {
      return PRE_TRAINING;
    }
    return settings.text("grid.learningRates").isPresent() ? GLUE : FINE_TUNING;
  }
}
