package org.tiedbert.corpus;

import org.tiedbert.text.InputException;

/** A text file, a shard or a manifest is not what it must be. */
public final class CorpusException extends InputException {
  private static final long serialVersionUID = 1L;

  CorpusException(String message) {
    super(message);
  }

  CorpusException(String message, Throwable cause) {
    super(message, cause);
  }
}
