package org.tiedbert.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One time that a run diverged and went back.
 *
 * @param step the update that was not done, counted from 1
 * @param reason what was wrong with it
 * @param from completed updates of the checkpoint that the run went back to
 * @param firstSequence place, in the run's order of training sequences, of the first one that is
 *     left out from there on
 * @param endSequence the place behind the last one
 */
public record Recovery(
    @JsonProperty(required = true) long step,
    @JsonProperty(required = true) String reason,
    @JsonProperty(required = true) long from,
    @JsonProperty(required = true) long firstSequence,
    @JsonProperty(required = true) long endSequence) {

  public Recovery {
    if (from < 0 || step <= from || firstSequence < 0 || endSequence <= firstSequence) {
      throw new IllegalArgumentException(
          "a run goes back from a step to one before and leaves out a sequence or more, got step %d,"
                  .formatted(step)
              + " from %d, sequences %d to %d".formatted(from, firstSequence, endSequence));
    }
  }
}
