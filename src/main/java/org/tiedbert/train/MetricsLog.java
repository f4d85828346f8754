package org.tiedbert.train;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;

/**
 * The file {@code metrics.jsonl} of a run, one JSON object a line.
 *
 * <p>Every line has a {@code step}, which names an update of the run, counted from 1. A line of
 * kind {@code step} is about that update, one of kind {@code eval} was measured right after it, one
 * of kind {@code stage} stands before it, the first of its stage, and one of kind {@code recovery}
 * says that the run came back to behind it. The loop's order is stage line, then for each update
 * its step line, its evaluation if one is due, its checkpoint if one is due. So the checkpoint of
 * step N was written after all lines with {@code step <= N} and before all others, and opening the
 * log for a run that continues from it keeps exactly the former: the file ends up equal, but for
 * {@code time}, to that of a run that never stopped. Opened at step 0, it begins empty. Lines of
 * recoveries at that very step go too, since whoever continues from there writes them.
 */
public final class MetricsLog implements AutoCloseable {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path file;
  private final FileChannel channel;
  private long lastStep;

  private MetricsLog(Path file, FileChannel channel, long lastStep) {
    this.file = file;
    this.channel = channel;
    this.lastStep = lastStep;
  }

  /**
   * Opens the log of a run that has {@code resumeStep} updates behind it.
   *
   * @throws InputException if the file cannot be read or written, or a line that must stay is not
   *     one of this log's
   */
  public static MetricsLog open(Path file, long resumeStep) {
    try {
      keepUpTo(file, resumeStep);
      return new MetricsLog(file, FileChannel.open(file, CREATE, WRITE, APPEND), resumeStep);
    } catch (IOException e) {
      throw new InputException("%s cannot be continued: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  /**
   * Writes a line through to the operating system, so that it outlives this process.
   *
   * @throws IllegalArgumentException if its step is below that of the line before
   * @throws InputException if it cannot be written
   */
  public void append(MetricsLine line) {
    if (line.step() < lastStep) {
      throw new IllegalArgumentException(
          "lines must come in the order of their steps, got %d after %d"
              .formatted(line.step(), lastStep));
    }
    lastStep = line.step();
    ByteBuffer bytes = ByteBuffer.wrap((line.json() + "\n").getBytes(UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  /** Forces all lines to the disk; to be called before a checkpoint that follows them. */
  public void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new InputException("%s cannot be closed: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  /** A line as two equal runs share it: without its {@code time}. */
  public static String withoutTime(String line) {
    int time = line.lastIndexOf(",\"" + MetricsLine.TIME + "\":{");
    return time < 0 ? line : line.substring(0, time) + "}";
  }

  private static void keepUpTo(Path file, long resumeStep) throws IOException {
    if (resumeStep == 0 || !Files.exists(file)) {
      Files.deleteIfExists(file);
      return;
    }
    Path kept = file.resolveSibling("." + file.getFileName() + ".partial");
    try (FileChannel channel = FileChannel.open(kept, CREATE, WRITE, TRUNCATE_EXISTING);
        BufferedReader in = Files.newBufferedReader(file, ISO_8859_1); // any bytes, unchanged
        Writer out = new BufferedWriter(Channels.newWriter(channel, ISO_8859_1))) {
      copyUpTo(resumeStep, file, in, out);
      out.flush();
      channel.force(true);
    }
    Files.move(kept, file, ATOMIC_MOVE);
  }

  /** Passes over what a killed process or a power failure left at the end, and nowhere else. */
  private static void copyUpTo(long resumeStep, Path file, BufferedReader in, Writer out)
      throws IOException {
    long number = 0;
    long damaged = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      Optional<JsonNode> object = objectOf(line);
      if (object.isEmpty()) {
        damaged = damaged == 0 ? number : damaged;
      } else if (isKept(object.get(), resumeStep)) {
        if (damaged > 0) {
          throw new InputException(
              "%s, line %d, must be a JSON object with a step, as the lines after it are; "
                      .formatted(file, damaged)
                  + "mend it or move the file away");
        }
        out.write(line);
        out.write('\n');
      }
    }
  }

  private static boolean isKept(JsonNode line, long resumeStep) {
    long step = line.path(MetricsLine.STEP).asLong();
    boolean recovery = line.path(MetricsLine.KIND).asText().equals(MetricsLine.RECOVERY);
    return step < resumeStep || step == resumeStep && !recovery;
  }

  /** Empty if it is not one of this log's. */
  private static Optional<JsonNode> objectOf(String line) throws IOException {
    try {
      JsonNode object = MAPPER.readTree(line.getBytes(ISO_8859_1));
      return Optional.of(object).filter(node -> node.path(MetricsLine.STEP).isIntegralNumber());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
