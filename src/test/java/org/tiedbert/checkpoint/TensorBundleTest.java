package org.tiedbert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

class TensorBundleTest {
  @TempDir Path directory;
  private Path prefix;
  private Path index;
  private Path data;

  @BeforeEach
  void save() {
    prefix = directory.resolve("model.ckpt");
    index = directory.resolve("model.ckpt.index");
    data = directory.resolve("model.ckpt.data-00000-of-00001");
    new SessionBundle(-1).write(prefix);
  }

  @Test
  void givesNamesShapesTypesAndValuesOfWhatASessionSaved() {
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      assertThat(bundle.names())
          .containsExactly(SessionBundle.KERNEL, SessionBundle.BIAS, SessionBundle.STEP);
      assertThat(bundle.shape(SessionBundle.KERNEL)).isEqualTo(Shape.of(2, 3));
      assertThat(bundle.shape(SessionBundle.STEP)).isEqualTo(Shape.scalar());
      assertThat(bundle.dataType(SessionBundle.BIAS)).isEqualTo(DataType.DT_FLOAT);
      assertThat(bundle.dataType(SessionBundle.STEP)).isEqualTo(DataType.DT_INT64);
      assertThat(bundle.floats(SessionBundle.KERNEL)).containsExactly(-1, 1, 2, 3, 4, 5);
      assertThat(bundle.floats(SessionBundle.BIAS)).isEqualTo(SessionBundle.manyFloats());
    }
  }

  @Test
  void refusesWhatIsNotThereOrOfAnotherType() {
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      assertThatThrownBy(() -> bundle.floats("bert/pooler/dense/kernel"))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "checkpoint %s holds no tensor bert/pooler/dense/kernel; it holds 3 others, such as %s",
              prefix, SessionBundle.KERNEL);
      assertThatThrownBy(() -> bundle.floats(SessionBundle.STEP))
          .isInstanceOf(CheckpointException.class)
          .hasMessage("checkpoint %s must hold global_step as DT_FLOAT, it is DT_INT64", prefix);
    }
    assertThatThrownBy(() -> TensorBundle.open(directory.resolve("other")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("other.index is missing");
  }

  @Test
  void refusesToReadAfterClose() {
    TensorBundle bundle = TensorBundle.open(prefix);
    bundle.close();
    bundle.close();
    assertThatThrownBy(() -> bundle.floats(SessionBundle.KERNEL))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void everyCutIndexIsRefusedWithItsPath() throws IOException {
    byte[] whole = Files.readAllBytes(index);
    for (int length = 0; length < whole.length; length++) {
      Files.write(index, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> TensorBundle.open(prefix).close())
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(index.toString());
    }
  }

  /** A flipped bit is refused, or nothing reads it: the footer's padding, the unused metaindex. */
  @Test
  void noFlippedBitOfTheIndexGivesOtherContents() throws IOException {
    byte[] whole = Files.readAllBytes(index);
    int numRefused = 0;
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      Files.write(index, flipped);
      try (TensorBundle bundle = TensorBundle.open(prefix)) {
        assertThat(bundle.names()).hasSize(3);
        assertThat(bundle.floats(SessionBundle.KERNEL)).containsExactly(-1, 1, 2, 3, 4, 5);
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining(prefix.toString());
        numRefused++;
      }
    }
    // the footer has 48 bytes, the metaindex block 13
    assertThat(numRefused).isGreaterThanOrEqualTo(whole.length - 48 - 13);
  }

  @Test
  void damagedDataIsRefusedWithTheTensorsName() throws IOException {
    byte[] whole = Files.readAllBytes(data);
    for (int at = 0; at < 24; at++) {
      // the first 24 bytes of the data are the first tensor in the order of names
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x10;
      Files.write(data, flipped);
      assertRefusedKernel();
    }
    Files.write(data, Arrays.copyOf(whole, 10));
    assertRefusedKernel();
    Files.delete(data);
    assertThatThrownBy(this::readKernel)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(prefix.toString());
  }

  private void assertRefusedKernel() {
    assertThatThrownBy(this::readKernel)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(prefix.toString())
        .hasMessageContaining(SessionBundle.KERNEL);
  }

  private void readKernel() {
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      bundle.floats(SessionBundle.KERNEL);
    }
  }
}
