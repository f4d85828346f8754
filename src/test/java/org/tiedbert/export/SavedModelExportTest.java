package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.io.MoreFiles;
import com.google.common.primitives.Floats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.IntNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/** N sequences, S tokens, L layers, H hidden, V vocabulary, M masks. */
class SavedModelExportTest {
  private static final long STEP = 30;
  private static final int HIDDEN = TinyModel.ENCODER.hiddenSize();
  private static final int VOCAB = TinyModel.VOCABULARY.size();
  private static final int MASK = TinyModel.VOCABULARY.maskId();
  private static final Map<String, float[]> VALUES = TinyModel.values(TinyModel.ENCODER, STEP);

  /** Of values around 1 through two layers, on any machine's kernels. */
  private static final float ROUNDING = 5e-6f;

  @TempDir static Path shared;
  private static Path exported;
  private static SavedModelBundle bundle;

  @TempDir Path directory;

  @BeforeAll
  static void exportThenMoveAndDeleteEverythingElse() throws IOException {
    Path run = shared.resolve("run");
    TinyModel.writeRun(run, 20, STEP);
    Path first = shared.resolve("first");
    new SavedModelExport(TinyModel.open(run)).write(first);
    exported = shared.resolve("elsewhere").resolve("moved");
    Files.createDirectory(exported.getParent());
    Files.move(first, exported);
    MoreFiles.deleteRecursively(run);
    bundle = SavedModelBundle.load(exported.toString(), "serve");
  }

  @AfterAll
  static void close() {
    bundle.close();
  }

  private record Inputs(int[][] ids, int[][] real, int[][] types) {
    /** Random tokens; each row shorter than the one before, down to one token. */
    static Inputs random(int rows, int length) {
      Random random = new Random(rows * 100L + length);
      Inputs inputs =
          new Inputs(new int[rows][length], new int[rows][length], new int[rows][length]);
      for (int row = 0; row < rows; row++) {
        int numReal = Math.max(1, length - 2 * row);
        for (int place = 0; place < length; place++) {
          boolean real = place < numReal;
          inputs.ids[row][place] = real ? random.nextInt(VOCAB) : TinyModel.VOCABULARY.padId();
          inputs.real[row][place] = real ? 1 : 0;
          inputs.types[row][place] = real && place > numReal / 2 ? 1 : 0;
        }
      }
      return inputs;
    }

    LiveModel.Outputs live() {
      return LiveModel.run(TinyModel.ENCODER, VALUES, ids, real, types);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,24", "3,7", "5,16", "2,2"})
  void encodeIsTheLiveModelAtAnyShape(int rows, int length) {
    // given
    Inputs inputs = Inputs.random(rows, length);
    LiveModel.Outputs live = inputs.live();
    // when
    Map<String, Values> outputs = call(Signatures.ENCODE, inputs);
    // then
    Values last = outputs.get(Signatures.LAST_HIDDEN_STATE);
    assertEquals(Shape.of(rows, length, HIDDEN), last.shape);
    assertArrayEquals(live.features(), last.floats, ROUNDING);
    Values pooled = outputs.get(Signatures.POOLER_OUTPUT);
    assertEquals(Shape.of(rows, HIDDEN), pooled.shape);
    assertArrayEquals(live.pooled(), pooled.floats, ROUNDING);
    Values states = outputs.get(Signatures.HIDDEN_STATES);
    assertEquals(Shape.of(3, rows, length, HIDDEN), states.shape);
    assertArrayEquals(
        Floats.concat(live.states().toArray(float[][]::new)), states.floats, ROUNDING);
  }

  @Test
  void paddingChangesNothing() {
    // given: five tokens alone, and the same with seven of padding
    int[] tokens = {2, 5, 6, 14, 3};
    Inputs alone = new Inputs(new int[][] {tokens}, new int[][] {{1, 1, 1, 1, 1}}, new int[1][5]);
    int[] padded = Arrays.copyOf(tokens, 12);
    Arrays.fill(padded, 5, 12, TinyModel.VOCABULARY.padId());
    Inputs longer =
        new Inputs(
            new int[][] {padded},
            new int[][] {{1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0}},
            new int[1][12]);
    // when
    float[] states = call(Signatures.ENCODE, alone).get(Signatures.LAST_HIDDEN_STATE).floats;
    float[] withPadding = call(Signatures.ENCODE, longer).get(Signatures.LAST_HIDDEN_STATE).floats;
    // then
    assertArrayEquals(states, Arrays.copyOf(withPadding, states.length), ROUNDING);
  }

  @Test
  void maskLogitsAreTheLiveHeadsAtEveryMask() {
    // given
    Inputs inputs = Inputs.random(3, 9);
    for (int[] row : inputs.ids) {
      Arrays.setAll(row, i -> row[i] == MASK ? 5 : row[i]);
    }
    inputs.ids[0][4] = MASK;
    inputs.ids[0][7] = MASK;
    inputs.ids[2][1] = MASK;
    float[] live = inputs.live().logits();
    // when
    Map<String, Values> outputs = call(Signatures.MASK_LOGITS, inputs);
    // then
    assertArrayEquals(new int[] {0, 4, 0, 7, 2, 1}, outputs.get(Signatures.MASK_POSITIONS).ints);
    assertEquals(Shape.of(3, 2), outputs.get(Signatures.MASK_POSITIONS).shape);
    assertEquals(Shape.of(3, VOCAB), outputs.get(Signatures.LOGITS).shape);
    float[] expected =
        Floats.concat(logitsAt(live, 4), logitsAt(live, 7), logitsAt(live, 2 * 9 + 1));
    assertArrayEquals(expected, outputs.get(Signatures.LOGITS).floats, ROUNDING);
    assertThat(Floats.max(expected) - Floats.min(expected)).isGreaterThan(1); // not all alike
  }

  @Test
  void thereAreNoLogitsWithoutMasks() {
    Inputs inputs = new Inputs(new int[][] {{2, 5, 3}}, new int[][] {{1, 1, 1}}, new int[1][3]);
    assertEquals(
        Shape.of(0, VOCAB), call(Signatures.MASK_LOGITS, inputs).get(Signatures.LOGITS).shape);
  }

  @Test
  void variablesHaveTheirOwnNames() {
    for (String name : VALUES.keySet()) {
      assertEquals("VarHandleOp", bundle.graph().operationOrThrow(name).type());
    }
  }

  @Test
  void carriesWhatMakesTokenIds() {
    Path assets = exported.resolve("assets.extra");
    assertEquals(
        TinyModel.VOCABULARY.tokens(), Vocabulary.read(assets.resolve("vocab.txt")).tokens());
    assertEquals(TinyModel.CONFIG, BertConfig.read(assets.resolve("bert_config.json")));
    assertThat(assets.resolve("config.yaml")).hasContent("seed: 7\n");
    assertThat(exported.resolve("README.md"))
        .content()
        .startsWith("# first\n")
        .contains("| layers | 2 |", "| trained | 30 steps, in stage 1 of 1, seed 7 |", "seed: 7");
  }

  @Test
  void aCheckpointDirectoryIsAModelToo() throws IOException {
    // given
    Path run = directory.resolve("run");
    Path checkpoint = TinyModel.writeRun(run, 10);
    Path alone = directory.resolve("alone");
    Files.move(checkpoint, alone);
    // when
    Path target = directory.resolve("export");
    new SavedModelExport(TinyModel.open(alone)).write(target);
    // then
    try (SavedModelBundle loaded = SavedModelBundle.load(target.toString(), "serve")) {
      assertThat(loaded.functions()).hasSize(5);
    }
  }

  @Test
  void refusesAnExistingTarget() throws IOException {
    Path run = directory.resolve("run");
    TinyModel.writeRun(run, 10);
    Path target = Files.createDirectory(directory.resolve("export"));
    SavedModelExport export = new SavedModelExport(TinyModel.open(run));
    assertThatThrownBy(() -> export.write(target))
        .isInstanceOf(InputException.class)
        .hasMessage("%s exists; name another folder, or delete this one", target);
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void namesAFileThatIsInTheWay() throws IOException {
    Path run = directory.resolve("run");
    TinyModel.writeRun(run, 10);
    Path file = Files.writeString(directory.resolve("file"), "");
    SavedModelExport export = new SavedModelExport(TinyModel.open(run));
    assertThatThrownBy(() -> export.write(file.resolve("below")))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "SavedModel %s could not be written, no part of it stays: %s is no folder",
            file.resolve("below"), file);
  }

  @Test
  void versionsLieSideBySide() throws IOException {
    // given
    Path run = directory.resolve("run");
    TinyModel.writeRun(run, 10);
    SavedModelExport export = new SavedModelExport(TinyModel.open(run));
    Path folder = directory.resolve("served");
    // when
    export.write(folder, 1);
    export.write(folder, 2);
    // then: TensorFlow Serving takes any folder there with a number for a name
    try (Stream<Path> versions = Files.list(folder)) {
      assertThat(versions).containsExactlyInAnyOrder(folder.resolve("1"), folder.resolve("2"));
    }
    assertThatThrownBy(() -> export.write(folder, 2))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("%s exists; ", folder.resolve("2"));
    assertThatThrownBy(() -> export.write(folder, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("version must be at least 1, got 0");
  }

  @Test
  void leavesNothingBehindWhenParametersDoNotFit() throws IOException {
    // given: a checkpoint whose bert_config.json says three layers where there are two
    Path run = directory.resolve("run");
    TinyModel.writeRun(run);
    CheckpointStore store = new CheckpointStore(new RunDirectory(run).checkpoints(), 0);
    BertConfig three = new BertConfig(TinyModel.ENCODER.withNumHiddenLayers(3), true);
    Map<String, Shape> shapes = TinyModel.shapes(TinyModel.ENCODER);
    TinyModel.save(store, 10, three, shapes);
    SavedModelExport missing = new SavedModelExport(TinyModel.open(run));
    Path target = directory.resolve("export");
    // when, then
    assertThatThrownBy(() -> missing.write(target))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("holds no tensor bert/encoder/layer_2/attention/self/query/kernel");

    // given: one of another shape
    Map<String, Shape> wrong = new LinkedHashMap<>(shapes);
    wrong.put("bert/pooler/dense/kernel", Shape.of(16, 8));
    TinyModel.save(store, 20, TinyModel.CONFIG, wrong);
    SavedModelExport misshapen = new SavedModelExport(TinyModel.open(run));
    // when, then
    assertThatThrownBy(() -> misshapen.write(target))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("must hold bert/pooler/dense/kernel as DT_FLOAT [16, 16]")
        .hasMessageEndingWith("it is DT_FLOAT [16, 8]");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(run);
    }
  }

  private static float[] logitsAt(float[] logits, int row) {
    return Arrays.copyOfRange(logits, row * VOCAB, (row + 1) * VOCAB);
  }

  private record Values(Shape shape, float[] floats, int[] ints) {
    static Values of(Tensor tensor) {
      if (tensor instanceof TFloat32 floats) {
        return new Values(tensor.shape(), LiveModel.values(floats), null);
      }
      List<Integer> ints = new ArrayList<>();
      ((IntNdArray) tensor).scalars().forEach(scalar -> ints.add(scalar.getInt()));
      return new Values(tensor.shape(), null, ints.stream().mapToInt(i -> i).toArray());
    }
  }

  private static Map<String, Values> call(String signature, Inputs inputs) {
    try (TInt32 ids = TInt32.tensorOf(StdArrays.ndCopyOf(inputs.ids));
        TInt32 real = TInt32.tensorOf(StdArrays.ndCopyOf(inputs.real));
        TInt32 types = TInt32.tensorOf(StdArrays.ndCopyOf(inputs.types));
        Result result =
            bundle
                .function(signature)
                .call(
                    Map.of(
                        Signatures.INPUT_IDS, ids,
                        Signatures.ATTENTION_MASK, real,
                        Signatures.TOKEN_TYPE_IDS, types))) {
      Map<String, Values> values = new LinkedHashMap<>();
      result.forEach(entry -> values.put(entry.getKey(), Values.of(entry.getValue())));
      return values;
    }
  }
}
