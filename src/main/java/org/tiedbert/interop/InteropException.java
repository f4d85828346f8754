package org.tiedbert.interop;

import org.tiedbert.text.InputException;

/** Another program's model that is damaged, or is none that this program can read or write. */
public final class InteropException extends InputException {
  private static final long serialVersionUID = 1;

  public InteropException(String message) {
    super(message);
  }

  public InteropException(String message, Throwable cause) {
    super(message, cause);
  }
}
