package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.train.PreTrainingSetup;

class GraphCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path config;
  private Path output;

  @BeforeEach
  void writeShards() {
    config = PreTrainingSetup.configFile(PreTrainingSetup.shards(folder.resolve("shards")));
    output = folder.resolve("graphs/tiny");
  }

  @Test
  void writesEveryStage() {
    assertThat(graph("--config", config.toString(), "--set", "stages.retrainSteps=0"))
        .as(err::toString)
        .isZero();
    assertThat(out.toString())
        .isEqualTo(
            "%1$s/stage-1.pb: stage 1, layer 0, 1 layers\n%1$s/stage-2.pb: stage 2, layer 1, 2 layers\n"
                .formatted(output));
    assertThat(output.toFile().list())
        .containsExactlyInAnyOrder("stage-1.pb", "stage-1.json", "stage-2.pb", "stage-2.json");
    // and when it is there already
    assertThat(graph("--config", config.toString())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: %s exists; name another --output, or delete this one\n".formatted(output));
  }

  @Test
  void refusesWhatDoesNotFitTheShards() {
    assertThat(graph("--config", config.toString(), "--set", "model.vocabSize=59")).isEqualTo(2);
    assertThat(err.toString()).contains("the configuration does not fit the shards");
    assertThat(output.getParent()).doesNotExist();
    assertThat(graph()).isEqualTo(2);
    assertThat(err.toString()).contains("--config FILE, --preset NAME or --init MODEL is needed");
  }

  private int graph(String... options) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> command = new ArrayList<>(List.of("graph", "--output", output.toString()));
    command.addAll(List.of(options));
    return Main.run(new PrintWriter(out), new PrintWriter(err), command.toArray(String[]::new));
  }
}
