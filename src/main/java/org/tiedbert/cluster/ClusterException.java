package org.tiedbert.cluster;

import org.tiedbert.text.InputException;

/**
 * A worker of the run was lost. Nothing can be done in this process: TensorFlow's collective
 * operations stay aborted. All workers are to be started again, and continue from the last
 * checkpoint.
 */
public final class ClusterException extends InputException {
  private static final long serialVersionUID = 1L;

  ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
