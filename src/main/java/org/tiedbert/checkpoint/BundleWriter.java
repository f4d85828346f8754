package org.tiedbert.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Writes variables as a TensorFlow V2 bundle, as a save op does. */
@FunctionalInterface
public interface BundleWriter {
  /**
   * Writes {@code PREFIX.index} and {@code PREFIX.data-*}.
   *
   * @return the names of all the tensors the bundle now must hold
   */
  Set<String> write(Path prefix) throws IOException;
}
