package org.tiedbert.report;

/** What a run directory holds a run of. */
public enum RunKind {
  /** Shards into an encoder. */
  PRE_TRAINING("pretrain"),
  /** An encoder into a classifier or a regression. */
  FINE_TUNING("finetune");

  private final String command;

  RunKind(String command) {
    this.command = command;
  }

  /** The command that begins and continues such a run. */
  String command() {
    return command;
  }

  /** A pre-training run has stages; nothing else has. */
  static RunKind of(Settings settings) {
    return settings.isEmpty() || settings.text("stages.kind").isPresent()
        ? PRE_TRAINING
        : FINE_TUNING;
  }
}
