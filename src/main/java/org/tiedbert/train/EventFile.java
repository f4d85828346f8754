package org.tiedbert.train;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;
import org.tiedbert.corpus.TfRecord;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;

/**
 * A file of scalars for TensorBoard, {@code events.out.tfevents.SECONDS.HOST.PID.NUMBER}: {@link
 * Event} messages as TFRecords.
 *
 * <p>A run that continues opens a further file, whose first events tell TensorBoard to forget the
 * points that an earlier process wrote after the checkpoint. Steps are counted as in {@link
 * MetricsLog}: from 1, the number of the update.
 */
public final class EventFile implements AutoCloseable {
  private static final String VERSION = "brain.Event:2"; // what TensorBoard expects first

  private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10})\\..*");

  private final Path file;
  private final OutputStream out;

  private EventFile(Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Opens a new file in a run's directory.
   *
   * @param resumeStep updates that the run has behind it
   * @throws InputException if it cannot be made
   */
  public static EventFile open(Path directory, long resumeStep) {
    Instant now = Instant.now();
    try {
      EventFile events = create(directory, now.getEpochSecond());
      events.write(event(now).setFileVersion(VERSION).build());
      if (resumeStep > 0) {
        SessionLog start =
            SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START).build();
        // TensorBoard drops the points with this step or a later one
        events.write(event(now).setStep(resumeStep + 1).setSessionLog(start).build());
      }
      events.flush();
      return events;
    } catch (IOException e) {
      throw new InputException(
          "no file of events can be made in %s: %s".formatted(directory, FileProblem.of(e)), e);
    }
  }

  /** Adds one point of the curve {@code tag}. */
  public void scalar(String tag, long step, double value, Instant wallTime) {
    Summary.Value point =
        Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value).build();
    write(event(wallTime).setStep(step).setSummary(Summary.newBuilder().addValue(point)).build());
  }

  /** Hands everything to the operating system, where TensorBoard sees it. */
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  Path file() {
    return file;
  }

  /**
   * TensorBoard reads the files in the order of their names, so a clock that was set back must not
   * put a later one before those that are there.
   */
  private static EventFile create(Path directory, long now) throws IOException {
    Files.createDirectories(directory);
    long seconds = Math.max(now, newest(directory) + 1);
    for (int number = 0; ; number++) {
      String name =
          "events.out.tfevents.%010d.%s.%d.%d"
              .formatted(seconds, host(), ProcessHandle.current().pid(), number);
      Path file = directory.resolve(name);
      try {
        OutputStream out = Files.newOutputStream(file, CREATE_NEW, WRITE);
        return new EventFile(file, new BufferedOutputStream(out));
      } catch (FileAlreadyExistsException e) {
        continue;
      }
    }
  }

  /** Seconds in the name of the last file there; 0 if there is none. */
  private static long newest(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
          .max()
          .orElse(0);
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName().replace('/', '_');
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static Event.Builder event(Instant time) {
    return Event.newBuilder().setWallTime(time.getEpochSecond() + time.getNano() / 1e9);
  }

  private void write(Event event) {
    try {
      out.write(TfRecord.of(event.toByteArray()));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private InputException failure(IOException e) {
    return new InputException("%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
  }
}
