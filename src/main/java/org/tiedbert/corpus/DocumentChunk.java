package org.tiedbert.corpus;

import java.util.List;

/**
 * Documents of one split that are packed together: the unit of work. What becomes of a chunk
 * depends on its documents and its number only, so the threads that work on chunks leave no trace.
 *
 * @param number counts the chunks of the corpus in the order in which they are written
 */
record DocumentChunk(Split split, long number, List<Document> documents) {
  DocumentChunk {
    documents = List.copyOf(documents);
  }
}
