package org.tiedbert.train;

import org.tiedbert.text.InputException;

/** A configuration that does not fit the shards or the model it names; nothing was written. */
public final class MisfitException extends InputException {
  private static final long serialVersionUID = 1L;

  public MisfitException(String message) {
    super(message);
  }
}
