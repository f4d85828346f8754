package org.tiedbert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

class TensorBundleWriterTest {
  private static final float NOT_A_NUMBER_OF_ITS_OWN = Float.intBitsToFloat(0x7fc01234);

  @TempDir Path directory;
  private final Map<String, float[]> values = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  @BeforeEach
  void makeTensors() {
    put("b/kernel", Shape.of(2, 3), 1, -0f, Float.MIN_VALUE, Float.MAX_VALUE, 5, 6);
    put("c", Shape.scalar(), NOT_A_NUMBER_OF_ITS_OWN);
    put("a", Shape.of(4), 7, 8, Float.NEGATIVE_INFINITY, 10);
    put("empty", Shape.of(0, 3));
  }

  @Test
  void writesWhatIsReadBackBitForBit() throws IOException {
    // given
    Path prefix = directory.resolve("model.ckpt");
    // when
    TensorBundleWriter writer = new TensorBundleWriter(shapes, values::get);
    // then
    assertThat(writer.write(prefix)).isEqualTo(shapes.keySet());
    assertHolds(prefix);
    assertThat(files()).containsExactly("model.ckpt.data-00000-of-00001", "model.ckpt.index");
    // and over what is there
    writer.write(prefix);
    assertHolds(prefix);
  }

  @Test
  void asksForOneTensorAfterTheOtherAndMergesTheParts() throws IOException {
    // given: 6 + 1 floats fit into 28 bytes, 4 more do not
    List<String> asked = new ArrayList<>();
    Path prefix = directory.resolve("model.ckpt");
    // when
    new TensorBundleWriter(
            shapes,
            name -> {
              asked.add(name);
              return values.get(name);
            },
            28)
        .write(prefix);
    // then
    assertThat(asked).containsExactly("b/kernel", "c", "a", "empty");
    assertHolds(prefix);
    assertThat(files())
        .containsExactly(
            "model.ckpt.data-00000-of-00002", "model.ckpt.data-00001-of-00002", "model.ckpt.index");
  }

  @Test
  void refusesValuesThatAreNotOfTheShape() {
    shapes.put("a", Shape.of(5));
    assertThatThrownBy(
            () -> new TensorBundleWriter(shapes, values::get).write(directory.resolve("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a of shape [5] has 5 values, got 4");
    assertThatThrownBy(() -> new TensorBundleWriter(Map.of(), values::get))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a checkpoint must hold a tensor");
  }

  @Test
  void saysWhereItFailedAndWhatRoomItNeeds() throws IOException {
    // given: 11 floats, for a folder that is a file
    Path prefix = Files.createFile(directory.resolve("file")).resolve("model.ckpt");
    // when, then
    assertThatThrownBy(() -> new TensorBundleWriter(shapes, values::get).write(prefix))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("%s needs 44 bytes, ", prefix)
        .hasMessageContaining(" were free there: ");
  }

  private void put(String name, Shape shape, float... rows) {
    shapes.put(name, shape);
    values.put(name, rows);
  }

  private void assertHolds(Path prefix) {
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      assertThat(bundle.names()).containsExactly("a", "b/kernel", "c", "empty");
      shapes.forEach(
          (name, shape) -> {
            assertThat(bundle.shape(name)).isEqualTo(shape);
            assertThat(bundle.dataType(name)).isEqualTo(DataType.DT_FLOAT);
            assertThat(bits(bundle.floats(name))).isEqualTo(bits(values.get(name)));
          });
    }
  }

  private static int[] bits(float[] rows) {
    int[] bits = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      bits[i] = Float.floatToRawIntBits(rows[i]);
    }
    return bits;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
