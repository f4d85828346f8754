package org.tiedbert.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * Where a run is to be continued, and which of its sequences are left out.
 *
 * @param state of the newest checkpoint that the run did not leave behind; empty if there is none
 * @param recoveries the times that the run went back
 */
public record Standing(Optional<TrainingState> state, Recoveries recoveries) {
  /** A run's first step, or wherever the chief says. */
  public static final Standing START = new Standing(Optional.empty(), new Recoveries(List.of()));

  private record Message(
      @JsonProperty(required = true) TrainingState stateOrNull,
      @JsonProperty(required = true) Recoveries recoveries) {}

  /** For another process. */
  public byte[] bytes() {
    return Json.bytes(new Message(state.orElse(null), recoveries));
  }

  /** From another process's {@link #bytes}. */
  public static Standing of(byte[] bytes) {
    Message message = Json.of(bytes, Message.class);
    return new Standing(Optional.ofNullable(message.stateOrNull()), message.recoveries());
  }
}
