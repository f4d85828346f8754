package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelNamesTest {
  private static List<String> names(String... paths) {
    return ModelNames.of(Stream.of(paths).map(Path::of).toList());
  }

  @Test
  void areAsLongAsTheyMustBe() {
    assertThat(names("runs/tied", "runs/untied/")).containsExactly("tied", "untied");
    assertThat(names("a/checkpoints/step-10", "b/checkpoints/step-10"))
        .containsExactly("a/checkpoints/step-10", "b/checkpoints/step-10");
    assertThat(names("runs/../runs/a", "runs/a")).containsExactly("a", "a (2)");
  }
}
