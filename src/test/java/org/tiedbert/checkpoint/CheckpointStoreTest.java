package org.tiedbert.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
  private static final Map<String, byte[]> FILES =
      Map.of("vocab.txt", "[PAD]\n".getBytes(UTF_8), "config.yaml", "seed: 1\n".getBytes(UTF_8));
  private static final String DATA = "model.ckpt.data-00000-of-00001";

  @TempDir Path run;
  private Path directory;
  private CheckpointStore store;

  @BeforeEach
  void makeStore() {
    directory = run.resolve("checkpoints");
    store = new CheckpointStore(directory, 2);
  }

  @Test
  void aSavedCheckpointHoldsEverythingAndIsTheLatest() throws IOException {
    // when
    Path path = save(100);
    // then
    assertThat(path).isEqualTo(directory.resolve("step-100"));
    assertThat(namesIn(path))
        .containsExactlyInAnyOrder(
            "model.ckpt.index", DATA, "vocab.txt", "config.yaml", "state.json", "manifest.json");
    assertThat(namesIn(directory)).containsExactly("step-100");
    Checkpoint latest = store.latest(e -> {}).orElseThrow();
    assertThat(latest.path()).isEqualTo(path);
    assertThat(latest.state()).isEqualTo(state(100));
    assertThat(latest.tensorNames())
        .containsExactly(SessionBundle.KERNEL, SessionBundle.BIAS, SessionBundle.STEP);
    assertThat(latest.file("vocab.txt")).hasContent("[PAD]\n");
    try (TensorBundle bundle = TensorBundle.open(latest.prefix())) {
      assertThat(bundle.floats(SessionBundle.KERNEL)).startsWith(100f);
    }
  }

  @Test
  void anEmptyOrAbsentStoreHasNoLatest() throws IOException {
    assertThat(store.latest(e -> {})).isEmpty();
    Files.createDirectories(directory.resolve("something"));
    assertThat(store.latest(e -> {})).isEmpty();
    assertThat(store.all()).isEmpty();
  }

  @Test
  void keepsTheLastByNumberNotByName() {
    for (long step : new long[] {8, 9, 10, 11}) {
      save(step);
    }
    assertThat(steps()).containsExactly(10L, 11L);
  }

  @Test
  void keepsForeverWhatIsAskedFor() {
    store.save(state(1), new SessionBundle(1), FILES, true);
    for (long step = 2; step < 6; step++) {
      save(step);
    }
    assertThat(steps()).containsExactly(1L, 4L, 5L);
    // a second save of the same step only marks it, and it stays intact
    store.save(state(4), new SessionBundle(-4), FILES, true);
    save(6);
    save(7);
    assertThat(steps()).containsExactly(1L, 4L, 6L, 7L);
    Checkpoint marked = Checkpoint.open(directory.resolve("step-4"));
    try (TensorBundle bundle = TensorBundle.open(marked.prefix())) {
      assertThat(bundle.floats(SessionBundle.KERNEL)).startsWith(4f);
    }
  }

  @Test
  void keepsAllWhenAsked() {
    store = new CheckpointStore(directory, CheckpointStore.KEEP_ALL);
    for (long step = 1; step < 6; step++) {
      save(step);
    }
    assertThat(steps()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThatThrownBy(() -> new CheckpointStore(directory, -1))
        .hasMessage("keepLast must be a number of checkpoints or 0 for all, got -1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.ckpt.index",
        DATA,
        "vocab.txt",
        "config.yaml",
        "state.json",
        "manifest.json"
      })
  void aDamagedNewestIsToldOfAndPassedOver(String name) throws IOException {
    // given
    save(1);
    Path newest = save(2);
    Path file = newest.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 0x40;
    byte[] cut = Arrays.copyOf(whole, whole.length - 1 - whole.length / 3);
    for (byte[] damaged : new byte[][] {flipped, cut, {}}) {
      Files.write(file, damaged);
      // when
      List<CheckpointException> told = new ArrayList<>();
      Checkpoint latest = store.latest(told::add).orElseThrow();
      // then
      assertThat(latest.state().step()).isEqualTo(1);
      assertThat(told)
          .singleElement()
          .extracting(Throwable::getMessage)
          .asString()
          .contains(newest.toString());
      assertThatThrownBy(() -> Checkpoint.open(newest)).isInstanceOf(CheckpointException.class);
    }
    Files.delete(file);
    assertThatThrownBy(() -> Checkpoint.open(newest))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(name);
    // and it is replaced when the run comes to it again, not before
    save(1);
    assertThat(steps()).containsExactly(1L, 2L);
    save(2);
    assertThat(store.latest(e -> {}).orElseThrow().state().step()).isEqualTo(2);
  }

  @Test
  void aDamagedNewerOneNeverDrivesOutTheNewestIntactOne() throws IOException {
    store = new CheckpointStore(directory, 1);
    save(5);
    store = new CheckpointStore(directory, CheckpointStore.KEEP_ALL);
    save(9);
    Files.delete(directory.resolve("step-9/state.json"));
    store = new CheckpointStore(directory, 1);
    save(7);
    assertThat(steps()).containsExactly(7L, 9L);
    assertThat(store.latest(e -> {}).orElseThrow().state().step()).isEqualTo(7);
  }

  @Test
  void refusesToBeginAgainSilentlyWhenNothingIsIntact() throws IOException {
    save(1);
    Files.delete(directory.resolve("step-1/state.json"));
    assertThatThrownBy(() -> store.latest(e -> {}))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("no checkpoint in %s is intact; remove them", directory)
        .hasMessageContaining("state.json is missing");
    // and with more of them, each is told of by itself, and the end by the newest
    save(2);
    Path newest = directory.resolve("step-2/vocab.txt");
    Files.delete(newest);
    List<CheckpointException> told = new ArrayList<>();
    assertThatThrownBy(() -> store.latest(told::add))
        .hasMessage(
            "no checkpoint in %s is intact; remove them to begin again from step 0, or bring back a"
                + " copy: checkpoint %s is damaged: vocab.txt is missing; older ones damaged too: 1",
            directory, newest.getParent());
    assertThat(told).hasSize(2);
    assertThat(steps()).containsExactly(1L, 2L);
  }

  @Test
  void whatAKilledProcessLeftIsIgnoredThenRemovedByTheNextWriter() throws IOException {
    // given: one killed while writing step 3, one while removing step 1
    save(2);
    Path partial = directory.resolve(".step-3.partial");
    Files.createDirectories(partial.resolve("deeper"));
    Files.writeString(partial.resolve(DATA), "half");
    Files.writeString(partial.resolve("deeper/file"), "half");
    Files.createDirectories(directory.resolve(".step-1.removed"));
    Files.writeString(directory.resolve(".step-1.removed/" + DATA), "old");
    Files.writeString(directory.resolve("notes.txt"), "a person's");
    // when: a reader comes
    CheckpointStore reader = new CheckpointStore(directory, 2);
    assertThat(reader.latest(e -> {}).orElseThrow().state().step()).isEqualTo(2);
    // then: nothing changed, until somebody writes
    assertThat(partial).exists();
    new CheckpointStore(directory, 2).save(state(3), new SessionBundle(3), FILES, false);
    assertThat(namesIn(directory)).containsExactlyInAnyOrder("step-2", "step-3", "notes.txt");
  }

  @Test
  void aFailedWriteNamesPathAndBytesAndLeavesTheOthers() throws IOException {
    // given: a device that is full
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    save(1);
    BundleWriter failing =
        prefix -> {
          Set<String> names = new SessionBundle(2).write(prefix);
          Files.write(full, new byte[4096]);
          return names;
        };
    // when
    assertThatThrownBy(() -> store.save(state(2), failing, FILES, false))
        // then
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(
            "checkpoint %s could not be written: No space left on device; ",
            directory.resolve("step-2"))
        .hasMessageMatching(
            ".*; [0-9,]+ bytes are free there, step-1 takes 4,[0-9]+; the checkpoints before .*")
        .hasMessageEndingWith("then run the same command");
    assertThat(namesIn(directory)).containsExactly("step-1");
    Checkpoint.open(directory.resolve("step-1"));
  }

  @Test
  void aFailedSaveOpIsReportedTheSameWay() throws IOException {
    save(1);
    // given: a file where the save op needs a directory
    BundleWriter failing =
        prefix -> {
          Files.writeString(prefix.resolveSibling("file"), "");
          return new SessionBundle(2).write(prefix.resolveSibling("file").resolve("model.ckpt"));
        };
    assertThatThrownBy(() -> store.save(state(2), failing, FILES, false))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(
            "checkpoint %s could not be written: ", directory.resolve("step-2"));
    assertThat(namesIn(directory)).containsExactly("step-1");
  }

  @Test
  void aBundleThatLacksOrAddsATensorIsRefused() throws IOException {
    save(1);
    BundleWriter other =
        prefix -> {
          new SessionBundle(2).write(prefix);
          return Set.of(
              SessionBundle.KERNEL, SessionBundle.BIAS, "cls/seq_relationship/output_bias");
        };
    assertThatThrownBy(() -> store.save(state(2), other, FILES, false))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            "the bundle lacks [cls/seq_relationship/output_bias] and has [global_step]");
    BundleWriter cut =
        prefix -> {
          Set<String> names = new SessionBundle(2).write(prefix);
          Files.write(prefix.resolveSibling(DATA), new byte[100]);
          return names;
        };
    assertThatThrownBy(() -> store.save(state(2), cut, FILES, false))
        .hasMessageContaining("holds 100 bytes, cls/predictions/output_bias takes 4000 at byte 24");
    assertThat(namesIn(directory)).containsExactly("step-1");
  }

  @Test
  void anUnexpectedExceptionLeavesNoPartEither() throws IOException {
    BundleWriter failing =
        prefix -> {
          new SessionBundle(2).write(prefix);
          throw new ArithmeticException("ours");
        };
    assertThatThrownBy(() -> store.save(state(2), failing, FILES, false))
        .isInstanceOf(ArithmeticException.class);
    assertThat(namesIn(directory)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../vocab.txt", "state.json", "manifest.json", "model.ckpt.index", "a/b"})
  void refusesFurtherFilesThatWouldTakeAnothersPlace(String name) {
    assertThatThrownBy(
            () -> store.save(state(1), new SessionBundle(1), Map.of(name, new byte[1]), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'");
  }

  private Path save(long step) {
    return store.save(state(step), new SessionBundle(step), FILES, false);
  }

  private static TrainingState state(long step) {
    return new TrainingState(
        step, 0, step * 32, 1.5, 42, List.of(1000L, 2000L), List.of(), LossTrend.NONE, 0);
  }

  private List<Long> steps() {
    return store.all().stream().map(Checkpoint::step).toList();
  }

  private static List<String> namesIn(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
