package org.tiedbert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeDirectoryTest {
  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void nameTarget() {
    target = folder.resolve("target");
  }

  @Test
  void deletesWhatAKilledProcessLeftAndNothingOfALivingOne() throws IOException {
    // given: the first process lives as long as the machine; none has the highest number
    Path living = Files.createDirectory(folder.resolve(".target.1.partial"));
    Path killed = Files.createDirectory(folder.resolve(".target.999999999999.partial"));
    Path ofAnother = Files.createDirectory(folder.resolve(".target.2.999999999999.partial"));
    // when
    WholeDirectory.write(target, directory -> Files.writeString(directory.resolve("a"), "a"));
    // then
    assertThat(target.resolve("a")).hasContent("a");
    assertThat(killed).doesNotExist();
    assertThat(living).exists();
    assertThat(ofAnother).exists();
  }

  @Test
  void neverTakesThePlaceOfWhatCameMeanwhile() {
    assertThatThrownBy(
            () -> WholeDirectory.write(target, directory -> Files.createDirectory(target)))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(target).isEmptyDirectory();
    assertThat(folder.toFile().list()).containsExactly("target");
  }

  @Test
  void saysWhatIsInTheWay() throws IOException {
    Files.createSymbolicLink(target, folder.resolve("nowhere"));
    assertThatThrownBy(() -> WholeDirectory.write(target, directory -> {}))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(target.toString());
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> WholeDirectory.write(file.resolve("target"), directory -> {}))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessage(file.toString());
  }
}
