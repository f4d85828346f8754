package org.tiedbert.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

class SafetensorsFolderTest {
  private static final String ONE = "model-00001-of-00002.safetensors";
  private static final String TWO = "model-00002-of-00002.safetensors";

  @TempDir Path folder;

  @Test
  void readsOneFileOrSeveral() throws IOException {
    write("model.safetensors", Map.of("a", 1f, "b", 2f));
    try (SafetensorsFolder tensors = SafetensorsFolder.open(folder)) {
      assertThat(tensors.names()).containsExactly("a", "b");
      assertThat(tensors.floats("b")).containsExactly(2);
    }
    Files.delete(folder.resolve("model.safetensors"));
    write(ONE, Map.of("a", 1f, "c", 3f));
    write(TWO, Map.of("b", 2f, "d", 1f));
    index("{'a': '%s', 'c': '%s', 'b': '%s', 'd': '%s'}".formatted(ONE, ONE, TWO, TWO));
    try (SafetensorsFolder tensors = SafetensorsFolder.open(folder)) {
      assertThat(tensors.names()).containsExactly("a", "b", "c", "d");
      assertThat(tensors.floats("b")).containsExactly(2);
      assertThat(tensors.shape("c")).isEqualTo(Shape.of(1));
      assertThat(tensors.areEqual("a", "d")).isTrue();
      assertThat(tensors.areEqual("a", "b")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'../outside.safetensors'",
        "'/outside.safetensors'",
        "'sub/outside.safetensors'",
        "'..\\\\outside.safetensors'",
        "'C:outside.safetensors'",
        "'..safetensors'",
        "'.safetensors'",
        "'..'",
        "''",
        "'outside.safetensors\\u0000'",
        "'outside\\n.safetensors'",
        "'model.bin'",
        "3",
        "null",
        "['model.safetensors']"
      })
  void aShardIsAFileOfTheFolder(String name) throws IOException {
    // given: where the name could lead, there is a file
    write("outside.safetensors", Map.of("a", 1f));
    folder = Files.createDirectory(folder.resolve("model"));
    index("{'a': %s}".formatted(name));
    // then
    assertRefuses("weight_map: a must be the plain name of a .safetensors file in the folder, got");
  }

  @Test
  void indexAndFilesAgree() throws IOException {
    write(ONE, Map.of("a", 1f, "b", 2f));
    index("{'a': '%s', 'b': '%s'}".formatted(ONE, TWO));
    assertRefuses(
        "disagree: listed but not in the file [], in the file but not listed [b]; download the"
            + " folder again");
    index("{'a': '%s', 'b': '%s', 'c': '%s'}".formatted(ONE, ONE, ONE));
    assertRefuses("listed but not in the file [c], in the file but not listed []");
    index("{'a': '%s', 'b': '%s', 'c': '%s'}".formatted(ONE, ONE, TWO));
    assertRefuses("there is no file " + folder.resolve(TWO));
    index("{}");
    assertRefuses("must list 1 to 100 files, it lists 0");
    index("[]");
    assertRefuses("weight_map must be an object, got []");
    Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weights\": {}}");
    assertRefuses("must have a value for weight_map");
    Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {");
    assertRefuses("model.safetensors.index.json is no valid JSON");
  }

  @Test
  void anIndexOfTooManyFilesIsRefusedBeforeOneIsOpened() throws IOException {
    StringBuilder map = new StringBuilder("{'t': 'f.safetensors'");
    for (int i = 0; i < 100; i++) {
      map.append(", 't%d': 'f%d.safetensors'".formatted(i, i));
    }
    index(map + "}");
    assertRefuses("must list 1 to 100 files, it lists 101");
    Files.write(folder.resolve("model.safetensors.index.json"), new byte[(4 << 20) + 1]);
    assertRefuses("must have 4194304 bytes or fewer, it has 4194305");
  }

  @Test
  void refusesFoldersThatHaveNoneOrTwo() throws IOException {
    assertRefuses(
        "must hold model.safetensors or model.safetensors.index.json; in Python,"
            + " model.save_pretrained(folder) writes it");
    write("model.safetensors", Map.of("a", 1f));
    index("{}");
    assertRefuses(
        "holds model.safetensors and model.safetensors.index.json, which may be two models; delete"
            + " one of them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pytorch_model.bin", "pytorch_model.bin.index.json"})
  void refusesAPickleAndNamesTheWayOut(String name) throws IOException {
    Files.write(folder.resolve(name), new byte[] {(byte) 0x80, 2});
    assertThatThrownBy(() -> SafetensorsFolder.open(folder))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            """
            %s holds its weights as %s, a Python pickle: to read one is to run a program, so it is not \
            read. Write them as model.safetensors beside it, in Python:
              import glob, torch, safetensors.torch
              w = {}
              for f in glob.glob("pytorch_model*.bin"): w.update(torch.load(f, weights_only=True))
              w = {k: v.clone().contiguous() for k, v in w.items()}
              safetensors.torch.save_file(w, "model.safetensors")""",
            folder, name);
  }

  @Test
  void aFurtherFileMayHoldNoTensorAgain() throws IOException {
    write("model.safetensors", Map.of("a", 1f));
    write("extra.safetensors", Map.of("a", 1f));
    try (SafetensorsFolder tensors = SafetensorsFolder.open(folder)) {
      assertThatThrownBy(() -> tensors.add(folder.resolve("extra.safetensors")))
          .isInstanceOf(InteropException.class)
          .hasMessage(
              "tensor a is in %s and in %s; delete one of the files",
              folder.resolve("model.safetensors"), folder.resolve("extra.safetensors"));
    }
  }

  private void assertRefuses(String message) {
    assertThatThrownBy(() -> SafetensorsFolder.open(folder))
        .isInstanceOf(InteropException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(folder.toString());
  }

  private void index(String weightMap) throws IOException {
    String json = "{'metadata': {'total_size': 8}, 'weight_map': %s}".formatted(weightMap);
    Files.writeString(folder.resolve("model.safetensors.index.json"), json.replace('\'', '"'));
  }

  private void write(String name, Map<String, Float> values) throws IOException {
    TreeMap<String, Shape> shapes = new TreeMap<>();
    values.keySet().forEach(tensor -> shapes.put(tensor, Shape.of(1)));
    SafetensorsWriter.write(
        folder.resolve(name), shapes, tensor -> new float[] {values.get(tensor)});
  }
}
