package org.tiedbert.checkpoint;

import org.tiedbert.text.InputException;

/** A checkpoint or run directory cannot be read or written; the message names its path. */
public final class CheckpointException extends InputException {
  private static final long serialVersionUID = 1L;

  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
