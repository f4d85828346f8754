package org.tiedbert.eval;

import java.util.List;

/** A development set as its file has it and as token ids. */
record EncodedSet(String name, List<Example> examples, List<EncodedExample> encoded) {
  double[] targets() {
    return encoded.stream().mapToDouble(EncodedExample::target).toArray();
  }
}
