package org.tiedbert.train;

import org.tiedbert.text.InputException;

/** A loss or gradient that is not finite; nothing was updated with it. */
public final class DivergenceException extends InputException {
  private static final long serialVersionUID = 1L;

  public DivergenceException(String message) {
    super(message);
  }
}
