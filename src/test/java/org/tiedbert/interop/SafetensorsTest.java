package org.tiedbert.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

class SafetensorsTest {
  /**
   * What the reference implementation wrote for [[1.5, -2, ∞]] and [0.1]; the end is the values.
   */
  private static final byte[] REFERENCE =
      ("\u0090\0\0\0\0\0\0\0{\"__metadata__\":{\"format\":\"pt\"},"
              + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
              + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,3],\"data_offsets\":[4,16]}}   "
              + "\u00cd\u00cc\u00cc=\0\0\u00c0?\0\0\0\u00c0\0\0\u0080\u007f")
          .getBytes(ISO_8859_1);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("model.safetensors");
  }

  @Test
  void readsWhatTheReferenceWrites() throws IOException {
    Files.write(file, REFERENCE);
    try (Safetensors tensors = Safetensors.open(file)) {
      assertThat(tensors.names()).containsExactly("a", "b");
      assertThat(tensors.shape("b")).isEqualTo(Shape.of(1, 3));
      assertThat(tensors.floats("a")).containsExactly(0.1f);
      assertThat(tensors.floats("b")).containsExactly(1.5f, -2, Float.POSITIVE_INFINITY);
      assertThat(tensors.floats("b", 1, 1)).containsExactly(-2);
      assertThatThrownBy(() -> tensors.floats("c"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("%s holds no tensor c", file);
    }
  }

  @Test
  void writesWhatTheReferenceWrites() throws IOException {
    // given
    Map<String, float[]> values =
        Map.of("b", new float[] {1.5f, -2, Float.POSITIVE_INFINITY}, "a", new float[] {0.1f});
    TreeMap<String, Shape> shapes = new TreeMap<>(Map.of("b", Shape.of(1, 3), "a", Shape.of(1)));
    // when
    SafetensorsWriter.write(file, shapes, values::get);
    // then
    assertThat(Files.readAllBytes(file)).isEqualTo(REFERENCE);
  }

  @Test
  void readsBackEveryBitOfMoreThanABuffer() throws IOException {
    // given: 300,000 numbers are 1.2 MB
    TreeMap<String, Shape> shapes =
        new TreeMap<>(Map.of("large", Shape.of(300, 1000), "one", Shape.of(), "none", Shape.of(0)));
    float[] large = new float[300_000];
    Random random = new Random(1);
    for (int i = 0; i < large.length; i++) {
      large[i] = Float.intBitsToFloat(random.nextInt());
    }
    // when
    SafetensorsWriter.write(
        file, shapes, name -> name.equals("large") ? large : new float[name.equals("one") ? 1 : 0]);
    // then
    assertThat((Files.size(file) - 4 * 300_001) % 8).isZero();
    try (Safetensors tensors = Safetensors.open(file)) {
      assertThat(tensors.floats("large")).isEqualTo(large);
      assertThat(tensors.floats("large", 299_998, 2))
          .containsExactly(large[299_998], large[299_999]);
      assertThat(tensors.shape("one")).isEqualTo(Shape.scalar());
      assertThat(tensors.floats("none")).isEmpty();
    }
  }

  @Test
  void readsEveryFloatingPointTypeAndNoOther() throws IOException {
    // given: the number 1.5 in each type, and the integer 7
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(1.5).putFloat(1.5f).putShort((short) 0x3e00).putShort((short) 0x3fc0).putLong(7);
    write(
        """
        {"double": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},
         "float": {"dtype": "F32", "shape": [], "data_offsets": [8, 12]},
         "half": {"data_offsets": [12, 14], "shape": [1, 1], "dtype": "F16"},
         "brain": {"dtype": "BF16", "shape": [1], "data_offsets": [14, 16]},
         "long": {"dtype": "I64", "shape": [1], "data_offsets": [16, 24]}}\n\n""",
        data.array());
    // then
    try (Safetensors tensors = Safetensors.open(file)) {
      for (String name : new String[] {"double", "float", "half", "brain"}) {
        assertThat(tensors.floats(name)).as(name).containsExactly(1.5f);
      }
      assertThatThrownBy(() -> tensors.floats("long"))
          .isInstanceOf(InteropException.class)
          .hasMessage("%s: tensor long must be F32, F16, BF16 or F64, it is I64", file);
    }
  }

  @Test
  void refusesNamesThatATerminalWouldObey() throws IOException {
    write(
        "{\"a\\u001b[2J\": {\"dtype\": \"F32\", \"shape\": [0], \"data_offsets\": [0, 0]}}",
        new byte[0]);
    assertRefuses("tensor a?[2J must have a name without control characters");
  }

  @Test
  void refusesFilesThatHaveNoHeader() throws IOException {
    assertRefuses("there is no file " + file);
    Files.write(file, new byte[7]);
    assertRefuses("one starts with 8 bytes for the length of its header, this one has 7 bytes");
    Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'});
    assertRefuses(
        "is no whole safetensors file: the length of its header is 18446744073709551615 bytes, at"
            + " most 1048576 are read and 2 follow in the file");
    Files.write(file, new byte[] {3, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
    assertRefuses("the length of its header is 3 bytes, at most 1048576 are read and 2 follow");
    Files.write(file, new byte[8]);
    assertRefuses("the header must be a JSON object");
    Files.delete(file);
    Files.createDirectory(file);
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(InteropException.class)
        .hasMessageStartingWith("%s cannot be read: ", file);
  }

  @Test
  void refusesAHeaderThatClaimsToBeHuge() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(new byte[] {0, 0, 0, 0x40}); // 1 GiB
      sparse.setLength(3L << 30);
    }
    assertRefuses("the length of its header is 1073741824 bytes, at most 1048576 are read");
  }

  @Test
  void refusesHeadersThatAreNoObjectOfTensors() throws IOException {
    assertRefusesHeader("[]", "the header must be a JSON object");
    assertRefusesHeader("{} {}", "the header must be one JSON object");
    assertRefusesHeader("{", "the header is no valid JSON");
    assertRefusesHeader("{\"a\": 1}", "tensor 'a' must have a dtype, a shape and two data_offsets");
    assertRefusesHeader(
        "{\"a\": {}}", "tensor 'a' must have a dtype, a shape and two data_offsets");
    assertRefusesHeader(
        "{\"__metadata__\": {\"a\": 1}}", "__metadata__ must be an object of strings");
    assertRefusesHeader("{\"__metadata__\": []}", "__metadata__ must be an object of strings");
    String one = tensor("F32", "[1]", "[0, 4]");
    assertRefusesHeader("{\"a\": %s, \"a\": %s}".formatted(one, one), "Duplicate field 'a'");
    assertRefusesHeader("{\"a\": {\"shape\": [1], \"shape\": [1]}}", "Duplicate field 'shape'");
    assertRefusesHeader("{\"a\": {\"size\": 3}}", "tensor 'a' has the unknown key 'size'");
    assertRefusesHeader("{\"a\": ".repeat(2000), "tensor 'a' has the unknown key 'a'");
    write(new byte[] {'{', '"', (byte) 0xc3, '"', '}'}, new byte[0]);
    assertRefuses("the header of " + file + " must be UTF-8, it holds bytes that are not");
  }

  @Test
  void refusesTensorsThatAreNotWhatTheySay() throws IOException {
    assertRefusesTensor(
        "F4", "[1]", "[0, 4]", "has dtype F4, those that can be read are [F64, F32");
    assertRefusesTensor("F32", "1", "[0, 4]", "must have as shape at most 8 whole numbers from 0");
    assertRefusesTensor("F32", "[1.0]", "[0, 4]", "must have as shape at most 8 whole numbers");
    assertRefusesTensor("F32", "[-1]", "[0, 4]", "must have as shape at most 8 whole numbers");
    assertRefusesTensor("F32", "[1,1,1,1,1,1,1,1,1]", "[0, 4]", "must have as shape at most 8");
    assertRefusesTensor("F32", "[9223372036854775808]", "[0, 4]", "must have as shape at most 8");
    assertRefusesTensor(
        "F32",
        "[4611686018427387904]",
        "[0, 4]",
        "has a size beyond 2⁶³ bytes, shape [46116860184");
    assertRefusesTensor("F32", "[4294967296, 4294967296]", "[0, 4]", "has a size beyond 2⁶³ bytes");
    assertRefusesTensor(
        "F32",
        "[2]",
        "[0, 4]",
        "has dtype F32 and shape [2], its data_offsets [0, 4] hold another number of bytes");
    assertRefusesTensor(
        "F32",
        "[1]",
        "[4, 0]",
        "has dtype F32 and shape [1], its data_offsets [4, 0] hold another number of bytes");
    assertRefusesTensor("F32", "[1]", "[0]", "must have a dtype, a shape and two data_offsets");
    assertRefusesTensor("F32", "[1]", "[0, 4, 8]", "must have as data_offsets at most 2 whole");
    assertRefusesTensor("F32", "[1]", "[-4, 0]", "must have as data_offsets at most 2 whole");
  }

  @Test
  void refusesTensorsThatOverlapOrLeaveTheFile() throws IOException {
    String format = "{\"a\": %s, \"b\": %s}";
    String first = tensor("F32", "[1]", "[0, 4]");
    write(format.formatted(first, first), new byte[4]);
    assertRefuses("tensor 'b' begins at 0, before the end of the tensors before it at 4");
    write(format.formatted(first, tensor("F32", "[1]", "[8, 12]")), new byte[12]);
    assertRefuses("tensor 'b' begins at 8, behind the end of the tensors before it at 4");
    write(format.formatted(first, tensor("F32", "[1]", "[4, 8]")), new byte[7]);
    assertRefuses(
        "must have 8 bytes of tensors behind its header, it has 7; copy or download it again");
    write(format.formatted(first, tensor("F32", "[1]", "[4, 8]")), new byte[9]);
    assertRefuses("must have 8 bytes of tensors behind its header, it has 9");
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsRefused() throws IOException {
    Files.write(file, REFERENCE);
    try (Safetensors tensors = Safetensors.open(file);
        RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
      shorter.setLength(REFERENCE.length - 1);
      assertThatThrownBy(() -> tensors.floats("b"))
          .isInstanceOf(InteropException.class)
          .hasMessage("%s cannot be read: it has become shorter since it was opened", file);
    }
  }

  @Test
  void aTensorOfAnotherSizeThanItsShapeIsTheCallersMistake() {
    TreeMap<String, Shape> shapes = new TreeMap<>(Map.of("a", Shape.of(2)));
    assertThatThrownBy(() -> SafetensorsWriter.write(file, shapes, name -> new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor a of shape [2] was given 3 values");
  }

  private static String tensor(String type, String shape, String offsets) {
    return "{\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": %s}"
        .formatted(type, shape, offsets);
  }

  private void assertRefusesTensor(String type, String shape, String offsets, String message)
      throws IOException {
    assertRefusesHeader(
        "{\"a\": %s}".formatted(tensor(type, shape, offsets)), "tensor 'a' " + message);
  }

  private void assertRefusesHeader(String json, String message) throws IOException {
    write(json, new byte[4]);
    assertRefuses(message);
  }

  private void assertRefuses(String message) {
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(InteropException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(file.toString());
  }

  private void write(String json, byte[] data) throws IOException {
    write(json.getBytes(UTF_8), data);
  }

  private void write(byte[] json, byte[] data) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).put(data);
    Files.write(file, bytes.array());
  }
}
