package org.tiedbert.text;

/**
 * A file or setting given by the user is not what it must be. The message says what was required,
 * what came, where, and what to do; a command prints it without a stack trace. Every exception that
 * reports a user's file extends this one.
 */
public class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
