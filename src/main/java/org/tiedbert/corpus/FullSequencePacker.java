package org.tiedbert.corpus;

import java.util.Arrays;
import java.util.List;
import org.tiedbert.text.Vocabulary;

/** {@code [CLS] tokens [SEP] [PAD]…}, within documents or across them. */
final class FullSequencePacker implements SequencePacker {
  private final Vocabulary vocabulary;
  private final int minTokens;
  private final boolean acrossDocuments;
  private final int[] inputIds;
  private final int[] segmentIds;
  private int end = 1; // where the next token goes; [CLS] is at 0

  FullSequencePacker(
      Vocabulary vocabulary, int maxSeqLength, int minTokens, boolean acrossDocuments) {
    this.vocabulary = vocabulary;
    this.minTokens = minTokens;
    this.acrossDocuments = acrossDocuments;
    inputIds = new int[maxSeqLength];
    segmentIds = new int[maxSeqLength];
    inputIds[0] = vocabulary.clsId();
  }

  @Override
  public void pack(List<List<int[]>> documents, Sink sink) {
    for (List<int[]> document : documents) {
      if (acrossDocuments) {
        separate(document, sink);
      } else {
        finish(sink);
      }
      document.forEach(tokens -> append(tokens, sink));
    }
    finish(sink);
  }

  /** A [SEP] between two documents; at the end of a sequence its own [SEP] is one already. */
  private void separate(List<int[]> next, Sink sink) {
    boolean nothingFollows = next.stream().allMatch(tokens -> tokens.length == 0);
    if (end == 1 || nothingFollows) {
      return;
    }
    if (end + 1 >= inputIds.length - 1) {
      finish(sink);
    } else {
      inputIds[end++] = vocabulary.sepId();
    }
  }

  private void append(int[] tokens, Sink sink) {
    int taken = 0;
    while (taken < tokens.length) {
      int numTokens = Math.min(tokens.length - taken, inputIds.length - 1 - end);
      System.arraycopy(tokens, taken, inputIds, end, numTokens);
      taken += numTokens;
      end += numTokens;
      if (end == inputIds.length - 1) {
        finish(sink);
      }
    }
  }

  private void finish(Sink sink) {
    int numTokens = end - 1;
    if (numTokens >= minTokens) {
      inputIds[end++] = vocabulary.sepId();
      Arrays.fill(inputIds, end, inputIds.length, vocabulary.padId());
      sink.sequence(inputIds, segmentIds, 0);
    } else if (numTokens > 0) {
      sink.dropped(numTokens);
    }
    end = 1;
  }
}
