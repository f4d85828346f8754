package org.tiedbert.export;

import java.util.List;

/** Text into vectors in one of the ways that {@link ServingBench} compares; for one thread. */
interface TextEmbedder extends AutoCloseable {
  /** The engine and its version. */
  String name();

  /** For each text, in order, the mean of its tokens' last hidden states. */
  float[][] embed(List<String> texts);

  /** The first part of {@link #embed} alone: texts into token ids, which are dropped. */
  void tokenize(List<String> texts);

  @Override
  void close();
}
