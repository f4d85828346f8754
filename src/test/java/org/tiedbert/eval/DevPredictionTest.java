package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.text.InputException;

class DevPredictionTest {
  private static final Example EXAMPLE =
      new Example(4, List.of(TextPair.of("a", "b"), TextPair.of("ü")), OptionalDouble.of(1));

  @TempDir Path folder;

  private static void fail(String damaged) {
    throw new AssertionError(damaged);
  }

  @Test
  void isInTheWordsOfTheTask() {
    DevPrediction label =
        DevPrediction.of("dev", new TaskOutput.Classes(List.of("no", "yes")), EXAMPLE, 0);
    assertThat(label)
        .isEqualTo(
            new DevPrediction(
                "dev", 4, List.of(List.of("a", "b"), List.of("ü")), false, "yes", "no"));
    assertThat(label.matches()).isFalse();
    DevPrediction choice = DevPrediction.of("dev", new TaskOutput.Choices(2), EXAMPLE, 1);
    assertThat(choice.target()).isEqualTo("2");
    assertThat(choice.matches()).isTrue();
    DevPrediction score =
        DevPrediction.of("dev", new TaskOutput.Score("similarity", 0, 5), EXAMPLE, 0.1);
    assertThat(score.isScore()).isTrue();
    assertThat(score.target()).isEqualTo("1.0");
    assertThat(score.prediction()).isEqualTo("0.1");
  }

  @Test
  void isReadAsItWasWritten() {
    List<DevPrediction> all =
        List.of(
            DevPrediction.of("dev", new TaskOutput.Choices(2), EXAMPLE, 1),
            DevPrediction.of("dev", new TaskOutput.Score("s", 0, 5), EXAMPLE, Double.NaN));
    Path file = folder.resolve(DevPrediction.FILE_NAME);
    assertThat(DevPrediction.read(file, DevPredictionTest::fail)).isEmpty();
    DevPrediction.write(file, all);
    assertThat(DevPrediction.read(file, DevPredictionTest::fail)).isEqualTo(all);
  }

  @Test
  void damagedLinesAndFilesAreTold() throws IOException {
    Path file = folder.resolve(DevPrediction.FILE_NAME);
    Files.writeString(file, "{}\n");
    List<String> damaged = new ArrayList<>();
    assertThat(DevPrediction.read(file, damaged::add)).isEmpty();
    assertThat(damaged).containsExactly(file + ", line 1, is not a prediction");
    Path directory = Files.createDirectory(folder.resolve("directory"));
    assertThat(DevPrediction.read(directory, damaged::add)).isEmpty();
    assertThat(damaged).last().asString().startsWith(directory + " cannot be read: ");
    Files.writeString(directory.resolve("something"), "");
    List<DevPrediction> none = List.of();
    assertThatThrownBy(() -> DevPrediction.write(directory, none))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(directory + " cannot be written: ");
  }
}
