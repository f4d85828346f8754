package org.tiedbert.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Writes the records of one split, shard after shard; they get their names at the end. */
final class SplitWriter implements AutoCloseable {
  private final Path directory;
  private final Split split;
  private final int recordBytes;
  private final long maxSequencesPerShard;
  private final List<Written> written = new ArrayList<>();
  private FileChannel channel; // of the shard that is being written, null between shards
  private MessageDigest digest;
  private long numSequences;

  SplitWriter(Path directory, Split split, int recordBytes, long maxShardBytes) {
    this.directory = directory;
    this.split = split;
    this.recordBytes = recordBytes;
    maxSequencesPerShard = Math.max(1, maxShardBytes / recordBytes);
  }

  private record Written(Path file, long numSequences, String sha256) {}

  /** Appends whole records. */
  void append(byte[] records, int numRecords) {
    int done = 0;
    while (done < numRecords) {
      try {
        if (channel == null) {
          begin();
        }
        int fitting = (int) Math.min(numRecords - done, maxSequencesPerShard - numSequences);
        int offset = done * recordBytes;
        digest.update(records, offset, fitting * recordBytes);
        writeFully(ByteBuffer.wrap(records, offset, fitting * recordBytes));
        numSequences += fitting;
        done += fitting;
        if (numSequences == maxSequencesPerShard) {
          end();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + partial(), e);
      }
    }
  }

  /** Ends the last shard, gives all their names and describes them. */
  List<ShardManifest.Shard> finish() throws IOException {
    if (channel != null) {
      end();
    }
    List<ShardManifest.Shard> shards = new ArrayList<>();
    for (Written shard : written) {
      String name = split.shardName(shards.size(), written.size());
      Files.move(shard.file(), directory.resolve(name));
      shards.add(
          new ShardManifest.Shard(
              name, shard.numSequences(), shard.numSequences() * recordBytes, shard.sha256()));
    }
    return shards;
  }

  private Path partial() {
    return directory.resolve("%s-%05d.partial".formatted(split, written.size()));
  }

  private void begin() throws IOException {
    channel = FileChannel.open(partial(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    digest = Sha256.newDigest();
    numSequences = 0;
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private void end() throws IOException {
    channel.force(true);
    channel.close();
    channel = null;
    written.add(new Written(partial(), numSequences, HexFormat.of().formatHex(digest.digest())));
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
