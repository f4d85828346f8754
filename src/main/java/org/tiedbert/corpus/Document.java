package org.tiedbert.corpus;

import java.util.List;

/**
 * A document, or a piece of a long one.
 *
 * @param index the document's number in the corpus, from 0; the pieces of one document share it
 * @param paragraphs its text in reading order, none of them blank
 */
public record Document(long index, List<String> paragraphs) {
  public Document {
    paragraphs = List.copyOf(paragraphs);
  }

  long numChars() {
    return paragraphs.stream().mapToLong(String::length).sum();
  }
}
