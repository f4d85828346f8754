package org.tiedbert.corpus;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.Vocabulary;
import org.tiedbert.text.WholeFile;

/**
 * Writes a directory of shards: whole or not there. Everything goes into a hidden directory beside
 * the output, which takes the output's name in {@link #finish}; closing an unfinished writer
 * deletes it. Records lie in the order in which they are written. For one thread.
 */
public final class ShardWriter implements AutoCloseable {
  /** Shards no longer than this are easy to copy and few enough to list. */
  public static final long DEFAULT_MAX_SHARD_BYTES = 256L << 20;

  private final Path output;
  private final Path partial;
  private final Layout layout;
  private final RecordFormat format;
  private final Map<Split, SplitWriter> writers = new EnumMap<>(Split.class);
  private final Map<Split, long[]> countOfId = new EnumMap<>(Split.class);
  private boolean finished;

  /**
   * The shape of the records and what the manifest says about their origin.
   *
   * @param maxShardBytes a shard is ended before it becomes longer
   */
  public record Layout(
      Vocabulary vocabulary,
      boolean lowerCase,
      int maxSeqLength,
      boolean nextSentencePairs,
      long maxShardBytes,
      Map<String, String> settings,
      List<String> inputs) {
    public Layout {
      settings = Map.copyOf(settings);
      inputs = List.copyOf(inputs);
      if (maxSeqLength < 3 || maxSeqLength > RecordFormat.MAX_SEQ_LENGTH) {
        throw new IllegalArgumentException(
            "maxSeqLength must lie in [3, %d], got %d"
                .formatted(RecordFormat.MAX_SEQ_LENGTH, maxSeqLength));
      }
      if (vocabulary.size() > RecordFormat.MAX_VOCAB_SIZE) {
        throw new IllegalArgumentException(
            "the vocabulary may have %d tokens, it has %d"
                .formatted(RecordFormat.MAX_VOCAB_SIZE, vocabulary.size()));
      }
      if (maxShardBytes < 1) {
        throw new IllegalArgumentException("maxShardBytes must be positive, got " + maxShardBytes);
      }
    }

    /** A layout with the default shard size that says nothing about its origin. */
    public static Layout of(Vocabulary vocabulary, int maxSeqLength, boolean nextSentencePairs) {
      return new Layout(
          vocabulary,
          true,
          maxSeqLength,
          nextSentencePairs,
          DEFAULT_MAX_SHARD_BYTES,
          Map.of(),
          List.of());
    }
  }

  /** Begins to write; refuses an output that exists and is not an empty directory. */
  public ShardWriter(Path output, Layout layout) {
    this.output = output.toAbsolutePath().normalize();
    this.layout = layout;
    format = new RecordFormat(layout.maxSeqLength(), layout.nextSentencePairs());
    requireVacant(this.output);
    partial = this.output.resolveSibling("." + this.output.getFileName() + ".partial");
    try {
      WholeFile.makeFolder(partial.getParent());
      Files.createDirectory(partial);
      layout.vocabulary().write(partial.resolve(Vocabulary.FILE_NAME));
    } catch (FileAlreadyExistsException e) {
      throw new CorpusException(
          "%s exists: shards for %s are being prepared or were interrupted; delete it if nothing runs"
              .formatted(partial, output.getFileName()),
          e);
    } catch (IOException e) {
      throw new CorpusException(
          "%s cannot be written: %s".formatted(partial, FileProblem.of(e)), e);
    }
    for (Split split : Split.values()) {
      writers.put(
          split, new SplitWriter(partial, split, format.recordBytes(), layout.maxShardBytes()));
      countOfId.put(split, new long[layout.vocabulary().size()]);
    }
  }

  /** Refuses an output that exists and is not an empty directory. */
  static void requireVacant(Path output) {
    if (!Files.exists(output)) {
      return;
    }
    try (Stream<Path> entries = Files.list(output)) {
      if (entries.findAny().isPresent()) {
        throw new CorpusException(
            "output %s is not empty; name another directory, or delete this one".formatted(output));
      }
    } catch (IOException e) {
      throw new CorpusException(
          "output %s is not a directory: %s".formatted(output, FileProblem.of(e)), e);
    }
  }

  /**
   * Writes one record.
   *
   * @param inputIds token ids [maxSeqLength]
   * @param segmentIds 0 or 1 [maxSeqLength]; not looked at without sentence pairs
   * @param nextSentenceLabel 0 or 1; not looked at without sentence pairs
   */
  public void write(Split split, int[] inputIds, int[] segmentIds, int nextSentenceLabel) {
    requireNumbers("inputIds", inputIds, layout.vocabulary().size());
    if (layout.nextSentencePairs()) {
      requireNumbers("segmentIds", segmentIds, 2);
      requireBelow("nextSentenceLabel", nextSentenceLabel, 2);
    }
    PackedSequences one = new PackedSequences(format, layout.vocabulary(), 1);
    one.sequence(inputIds, segmentIds, nextSentenceLabel);
    write(split, one);
  }

  private void requireNumbers(String name, int[] numbers, int bound) {
    if (numbers.length != layout.maxSeqLength()) {
      throw new IllegalArgumentException(
          "%s must have length %d, got %d".formatted(name, layout.maxSeqLength(), numbers.length));
    }
    for (int number : numbers) {
      requireBelow(name, number, bound);
    }
  }

  private static void requireBelow(String name, int number, int bound) {
    if (number < 0 || number >= bound) {
      throw new IllegalArgumentException(
          "%s must lie in [0, %d), got %d".formatted(name, bound, number));
    }
  }

  void write(Split split, PackedSequences sequences) {
    writers.get(split).append(sequences.records(), sequences.numSequences());
    sequences.addCountsTo(countOfId.get(split));
  }

  /** Ends the shards, writes the manifest and moves everything to its place. */
  public ShardManifest finish() {
    try {
      ShardManifest manifest =
          new ShardManifest(
              ShardManifest.FORMAT_VERSION,
              layout.maxSeqLength(),
              layout.nextSentencePairs(),
              layout.lowerCase(),
              layout.vocabulary().size(),
              layout.vocabulary().digest(),
              layout.settings(),
              layout.inputs(),
              finish(Split.TRAIN),
              finish(Split.HELD_OUT));
      manifest.write(partial);
      Files.move(partial, output, StandardCopyOption.ATOMIC_MOVE);
      finished = true;
      return manifest;
    } catch (IOException e) {
      throw new CorpusException("%s cannot be written: %s".formatted(output, FileProblem.of(e)), e);
    }
  }

  private ShardManifest.SplitManifest finish(Split split) throws IOException {
    List<ShardManifest.Shard> shards = writers.get(split).finish();
    long numSequences = shards.stream().mapToLong(ShardManifest.Shard::numSequences).sum();
    UnigramCounts counts = new UnigramCounts(layout.vocabulary(), countOfId.get(split));
    long numSlots = numSequences * layout.maxSeqLength();
    return new ShardManifest.SplitManifest(
        numSequences,
        counts.numTokens(),
        ShardManifest.SplitManifest.fillRate(counts.numTokens(), numSlots),
        counts.entropy(),
        shards);
  }

  @Override
  public void close() {
    if (finished) {
      return;
    }
    try {
      for (SplitWriter writer : writers.values()) {
        writer.close();
      }
      if (Files.exists(partial)) {
        MoreFiles.deleteRecursively(partial, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + partial, e);
    }
  }
}
