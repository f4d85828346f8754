package org.tiedbert.batch;

import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import java.util.List;

/**
 * Places in a run's order of sequences that are passed over. Immutable.
 *
 * @param ranges of places; they may overlap
 */
public record SkippedSequences(List<Range<Long>> ranges) {
  /** Nothing is passed over. */
  public static final SkippedSequences NONE = new SkippedSequences(List.of());

  public SkippedSequences {
    ranges = List.copyOf(ranges);
  }

  /** The cursor itself, or the next place behind it that is not passed over. */
  public BatchCursor next(BatchCursor cursor) {
    RangeSet<Long> all = TreeRangeSet.create(ranges); // joins those that overlap or touch
    Range<Long> around = all.rangeContaining(cursor.nextSequence());
    return around == null ? cursor : new BatchCursor(around.upperEndpoint());
  }
}
