package org.tiedbert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.BundleEntryProto;
import org.tensorflow.proto.BundleHeaderProto;
import org.tensorflow.proto.TensorSliceProto;
import org.tiedbert.corpus.TfRecord;

/** An index that is not damaged by accident but lies, with CRCs that are right. */
class TensorBundleDamageTest {
  private static final int NUM_MUTATIONS = 6_000;

  @TempDir Path directory;
  private Path prefix;
  private Path index;

  @BeforeEach
  void makeData() throws IOException {
    prefix = directory.resolve("model.ckpt");
    index = directory.resolve("model.ckpt.index");
    Files.write(directory.resolve("model.ckpt.data-00000-of-00001"), new byte[24]);
  }

  @Test
  void theForgerMakesWhatIsRead() throws IOException {
    BundleEntryProto right = ForgedIndex.floats(0, 24, 2, 3).setCrc32C(maskedCrcOfZeros()).build();
    forge(right);
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      assertThat(bundle.floats("a")).isEqualTo(new float[6]);
    }
  }

  @Test
  void lyingShapesAndPlacesAreRefusedBeforeAnythingIsAllocated() throws IOException {
    String size = "a, DT_FLOAT %s, cannot take %d bytes at byte %d of data file %d of 1";
    assertRefused(ForgedIndex.floats(0, 24, 7), size.formatted("[7]", 24, 0, 0));
    assertRefused(ForgedIndex.floats(-1, 24, 6), size.formatted("[6]", 24, -1, 0));
    assertRefused(ForgedIndex.floats(0, 24, 6).setShardId(1), size.formatted("[6]", 24, 0, 1));
    assertRefused(ForgedIndex.floats(0, 24, -6), "the shape of a is none");
    assertRefused(ForgedIndex.floats(0, 24, new long[255]), "the shape of a is none");
    assertRefused(
        ForgedIndex.floats(0, 24, 1L << 62, 1L << 62),
        "a cannot have the shape [%d, %<d]",
        1L << 62);
    String data = directory.resolve("model.ckpt.data-00000-of-00001").toString();
    assertRefused(
        ForgedIndex.floats(0, 1L << 52, 1L << 50),
        "%s holds 24 bytes, a takes %d at byte 0",
        data,
        1L << 52);
    assertRefused(
        ForgedIndex.floats(Long.MAX_VALUE - 8, 24, 6), "%s holds 24 bytes, a takes 24", data);
  }

  @Test
  void whatIsNoIndexOfOursIsRefused() throws IOException {
    assertRefused(new ForgedIndex(), "lists no tensors");
    assertRefused(new ForgedIndex().with("a", new byte[] {1}), "its entry of a is none");
    assertRefused(new ForgedIndex().with("", new byte[] {1}), "its header is none");
    assertRefused(new ForgedIndex().with("\u00e9", new byte[0]), "a tensor's name is not UTF-8");
    assertRefused(
        new ForgedIndex().with("\u001b[31m", new byte[0]),
        "a tensor's name holds control characters");
    BundleHeaderProto big =
        BundleHeaderProto.newBuilder()
            .setNumShards(1)
            .setEndianness(BundleHeaderProto.Endianness.BIG)
            .build();
    assertRefused(
        new ForgedIndex().with("", big.toByteArray()),
        "it must be little-endian, of version 1 and of 1 data file or more; it is BIG");
  }

  @Test
  void aTensorInSlicesIsListedAndNotRead() throws IOException {
    forge(ForgedIndex.floats(0, 0, 2, 3).addSlices(TensorSliceProto.getDefaultInstance()).build());
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      assertThat(bundle.names()).containsExactly("a");
      assertThatThrownBy(() -> bundle.floats("a"))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "checkpoint %s must hold a in one piece of at most 2147483639 values; it is [2, 3], in slices",
              prefix);
    }
  }

  @Test
  void noMutationUnderRightCrcsDoesAnythingButFailOrBeRead() throws IOException {
    // given
    new SessionBundle(1).write(prefix);
    byte[] whole = Files.readAllBytes(index);
    int firstBlockSize = firstBlockSize(whole);
    Random random = new Random(11);
    int numRefused = 0;
    // when
    for (int i = 0; i < NUM_MUTATIONS; i++) {
      byte[] mutated = whole.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        mutated[random.nextInt(firstBlockSize)] = (byte) random.nextInt();
      }
      ForgedIndex.mend(mutated, firstBlockSize);
      Files.write(index, mutated);
      try (TensorBundle bundle = TensorBundle.open(prefix)) {
        bundle.names().forEach(name -> assertThat(bundle.shape(name)).isNotNull());
        bundle.floats(SessionBundle.KERNEL);
        bundle.floats(SessionBundle.BIAS);
      } catch (CheckpointException e) {
        numRefused++;
      }
    }
    // then: nothing else was thrown
    assertThat(numRefused).isBetween(NUM_MUTATIONS / 2, NUM_MUTATIONS - 1);
  }

  private static int firstBlockSize(byte[] whole) throws IOException {
    for (int size = 8; size < whole.length - 4; size++) {
      byte[] mended = whole.clone();
      ForgedIndex.mend(mended, size);
      if (Arrays.equals(mended, whole)) {
        return size;
      }
    }
    throw new IOException("no CRC fits the first block");
  }

  private static int maskedCrcOfZeros() {
    CRC32C crc = new CRC32C();
    crc.update(new byte[24]);
    return TfRecord.mask(crc);
  }

  private void forge(BundleEntryProto entry) throws IOException {
    Files.write(index, new ForgedIndex().with("a", entry.toByteArray()).bytes());
  }

  private void assertRefused(BundleEntryProto.Builder entry, String message, Object... arguments)
      throws IOException {
    assertRefused(
        new ForgedIndex().with("a", entry.build().toByteArray()), message.formatted(arguments));
  }

  private void assertRefused(ForgedIndex forged, String message) throws IOException {
    Files.write(index, forged.bytes());
    assertThatThrownBy(() -> TensorBundle.open(prefix))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(prefix.toString())
        .hasMessageContaining(message);
  }
}
