package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.io.FifoQueue;
import org.tensorflow.op.io.ReaderRead;
import org.tensorflow.op.io.TfRecordReader;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog.SessionStatus;
import org.tensorflow.types.TString;
import org.tiedbert.text.InputException;

class EventFileTest {
  @TempDir Path directory;

  @Test
  void holdsTheVersionAndTheScalars() throws IOException {
    // when
    EventFile events = EventFile.open(directory, 0);
    events.scalar("train/loss", 1, 0.5, Instant.ofEpochMilli(1_700_000_000_250L));
    events.scalar("train/loss", 2, 0.25, Instant.ofEpochSecond(1_700_000_001L));
    events.close();
    // then
    List<Event> read = read(events.file(), 3);
    assertThat(read.get(0).getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(read.get(1).getStep()).isEqualTo(1);
    assertThat(read.get(1).getWallTime()).isEqualTo(1_700_000_000.25);
    assertThat(read.get(1).getSummary().getValue(0).getTag()).isEqualTo("train/loss");
    assertThat(read.get(1).getSummary().getValue(0).getSimpleValue()).isEqualTo(0.5f);
    assertThat(read.get(2).getStep()).isEqualTo(2);
    // the 12 bytes that every event file of TensorFlow begins with: 24, masked CRC of the 24
    assertThat(Arrays.copyOf(Files.readAllBytes(events.file()), 12))
        .isEqualTo(new byte[] {24, 0, 0, 0, 0, 0, 0, 0, (byte) 0xa3, 0x7f, 0x4b, 0x22});
  }

  @Test
  void aContinuedRunTellsWhereItStarts() throws IOException {
    EventFile first = EventFile.open(directory, 0);
    EventFile second = EventFile.open(directory, 100);
    first.close();
    second.close();
    assertThat(second.file()).isNotEqualTo(first.file());
    assertThat(second.file().getFileName().toString()).startsWith("events.out.tfevents.");
    Event start = read(second.file(), 2).get(1);
    assertThat(start.getStep()).isEqualTo(101);
    assertThat(start.getSessionLog().getStatus()).isEqualTo(SessionStatus.START);
  }

  @Test
  void aClockThatWasSetBackChangesNoOrder() throws IOException {
    Files.createFile(directory.resolve("events.out.tfevents.9000000000.host.1.0"));
    EventFile events = EventFile.open(directory, 100);
    events.close();
    assertThat(events.file().getFileName().toString())
        .startsWith("events.out.tfevents.9000000001.");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> EventFile.open(file, 0))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("no file of events can be made in " + file);
  }

  /** Reads with TensorFlow's own reader, which checks the CRCs. */
  private static List<Event> read(Path file, int numEvents) throws IOException {
    List<Event> events = new ArrayList<>();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      FifoQueue names = tf.io.fifoQueue(List.of(TString.class));
      TfRecordReader reader = tf.io.tfRecordReader();
      ReaderRead read = tf.io.readerRead(reader, names);
      session
          .runner()
          .addTarget(tf.io.queueEnqueue(names, List.of(tf.constant(file.toString()))))
          .run();
      session.runner().addTarget(tf.io.queueClose(names)).run();
      for (int i = 0; i < numEvents; i++) {
        try (Result result = session.runner().fetch(read.value()).run()) {
          events.add(Event.parseFrom(((TString) result.get(0)).asBytes().getObject()));
        }
      }
      assertThatThrownBy(() -> session.runner().fetch(read.value()).run())
          .hasMessageContaining("closed and has insufficient elements");
    }
    return events;
  }
}
