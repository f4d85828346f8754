package org.tiedbert.corpus;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.tiedbert.text.Vocabulary;

/**
 * Random access to the records of one split. Thread-safe.
 *
 * <p>What is checked when: at opening, the manifest, the vocabulary, every shard's presence and
 * length, and the digests of all shards if they are short enough for that to take about a second
 * ({@link #MAX_BYTES_VERIFIED_AT_OPEN}). The digests of longer ones are checked by a thread of low
 * priority while reading goes on, and what it finds stops the next {@link #read}. Every read checks
 * the record's CRC, its features and that its ids belong to the vocabulary. {@link #verify} checks
 * all digests now.
 */
public final class ShardReader implements AutoCloseable {
  /** Splits up to this size are verified before {@link #open} returns. */
  public static final long MAX_BYTES_VERIFIED_AT_OPEN = 256L << 20;

  private final ShardManifest manifest;
  private final Split split;
  private final RecordFormat format;
  private final List<ShardFile> shards = new ArrayList<>();
  private final long[] firstRecord; // of each shard, and the number of records at the end
  private Thread verification;
  private volatile CorpusException damage;
  private volatile boolean closed;

  private ShardReader(ShardManifest manifest, Split split) {
    this.manifest = manifest;
    this.split = split;
    format = manifest.recordFormat();
    firstRecord = new long[manifest.split(split).shards().size() + 1];
  }

  /**
   * The vocabulary that the shards in a directory were prepared with.
   *
   * @throws CorpusException if there is no such directory
   */
  public static Vocabulary vocabulary(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new CorpusException(
          "there is no folder of shards %s; it must be one that `tiedbert prepare` wrote"
              .formatted(directory));
    }
    return Vocabulary.read(directory.resolve(Vocabulary.FILE_NAME));
  }

  /**
   * Opens one split of a shard directory.
   *
   * @param expected the vocabulary that the caller's model has; shards of another are refused
   */
  public static ShardReader open(Path directory, Split split, Vocabulary expected) {
    return open(directory, split, expected, MAX_BYTES_VERIFIED_AT_OPEN);
  }

  static ShardReader open(
      Path directory, Split split, Vocabulary expected, long maxBytesVerifiedAtOpen) {
    ShardManifest manifest = ShardManifest.read(directory);
    if (!manifest.vocabDigest().equals(expected.digest())
        || manifest.vocabSize() != expected.size()) {
      throw new CorpusException(
          ("the shards in %s were prepared with another vocabulary (%d tokens, digest %s) than this"
                  + " one (%d tokens, digest %s); use their vocab.txt or prepare them again")
              .formatted(
                  directory,
                  manifest.vocabSize(),
                  manifest.vocabDigest(),
                  expected.size(),
                  expected.digest()));
    }
    ShardReader reader = new ShardReader(manifest, split);
    try {
      reader.openShards(directory);
      reader.beginVerification(maxBytesVerifiedAtOpen);
      return reader;
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  public ShardManifest manifest() {
    return manifest;
  }

  public Split split() {
    return split;
  }

  public long numSequences() {
    return firstRecord[shards.size()];
  }

  public int maxSeqLength() {
    return format.maxSeqLength();
  }

  public boolean nextSentencePairs() {
    return format.nextSentencePairs();
  }

  /**
   * Reads one record into places of the caller's arrays.
   *
   * @param index in [0, numSequences)
   * @param inputIds takes the token ids at {@code [offset, offset + maxSeqLength)}
   * @param segmentIds takes the segment ids there, zeros without sentence pairs
   * @return the next-sentence label: 0 if the second segment follows the first, 1 if it is random;
   *     0 without sentence pairs
   */
  public int read(long index, int[] inputIds, int[] segmentIds, int offset) {
    Objects.checkIndex(index, numSequences());
    if (damage != null) {
      throw new CorpusException(damage.getMessage(), damage);
    }
    int found = Arrays.binarySearch(firstRecord, index);
    int at = found >= 0 ? found : -found - 2;
    ShardFile shard = shards.get(at);
    long indexInShard = index - firstRecord[at];
    return format.decode(
        shard.read(indexInShard),
        manifest.vocabSize(),
        inputIds,
        segmentIds,
        offset,
        shard.path(),
        shard.offset(indexInShard));
  }

  /** Reads every shard in full and compares its digest with the manifest's. */
  public void verify() {
    shards.forEach(shard -> shard.verify(() -> false));
  }

  private void openShards(Path directory) {
    for (ShardManifest.Shard listed : manifest.split(split).shards()) {
      shards.add(new ShardFile(directory, listed, format));
      firstRecord[shards.size()] = firstRecord[shards.size() - 1] + listed.numSequences();
    }
  }

  private void beginVerification(long maxBytesNow) {
    if (shards.stream().mapToLong(ShardFile::bytes).sum() <= maxBytesNow) {
      verify();
      return;
    }
    verification = new Thread(this::verifyInBackground, "shard-verification");
    verification.setDaemon(true);
    verification.setPriority(Thread.MIN_PRIORITY);
    verification.start();
  }

  private void verifyInBackground() {
    try {
      shards.forEach(shard -> shard.verify(() -> closed));
    } catch (CorpusException e) {
      damage = e;
    }
  }

  /** Waits until the digests that were not checked at opening are, or until this is closed. */
  void awaitVerification() {
    try {
      if (verification != null) {
        verification.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    awaitVerification();
    shards.forEach(ShardFile::close);
  }
}
