package org.tiedbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.tiedbert.model.Parameter.Initialization;

class ParametersTest {
  @Test
  void keepsTheOrderOfCreation() {
    try (ModelGraph graph = new ModelGraph()) {
      graph.parameters().create("z/kernel", Initialization.TRUNCATED_NORMAL, 2, 3);
      graph.parameters().create("z/bias", Initialization.ZEROS, 3);
      assertThat(graph.parameters().all())
          .extracting(Parameter::name)
          .containsExactly("z/kernel", "z/bias");
      // then: the graph's operations have the same names
      assertThat(graph.parameters().all())
          .extracting(parameter -> parameter.value().op().name())
          .containsExactly("z/kernel/value", "z/bias/value");
    }
  }

  @Test
  void refusesANameTwice() {
    try (ModelGraph graph = new ModelGraph()) {
      graph.parameters().create("a/bias", Initialization.ZEROS, 3);
      assertThatThrownBy(() -> graph.parameters().create("a/bias", Initialization.ZEROS, 3))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("parameter a/bias is created twice");
    }
  }

  @Test
  void refusesToFindWhatIsNotThere() {
    try (ModelGraph graph = new ModelGraph()) {
      graph.parameters().create("a/bias", Initialization.ZEROS, 3);
      assertThatThrownBy(() -> graph.parameters().get("a/kernel"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no parameter is named a/kernel; there are [a/bias]");
    }
  }

  @Test
  void startsFromZerosOnesAndACutNormal() {
    try (ModelGraph graph = new ModelGraph()) {
      graph.parameters().create("norm/gamma", Initialization.ONES, 3);
      graph.parameters().create("norm/beta", Initialization.ZEROS, 3);
      graph.parameters().create("dense/kernel", Initialization.TRUNCATED_NORMAL, 100, 200);
      for (Parameter parameter : graph.parameters().all()) {
        graph.initialize(parameter, 0.02, 1);
      }
      assertThat(read(graph, "norm/gamma")).containsExactly(1, 1, 1);
      assertThat(read(graph, "norm/beta")).containsExactly(0, 0, 0);
      // then: cut at two deviations, which leaves √(1 − 4φ(2)/(2Φ(2) − 1)) = 0.8796 of one
      double squares = 0;
      double sum = 0;
      for (float value : read(graph, "dense/kernel")) {
        assertThat(value).isBetween(-0.04f, 0.04f);
        sum += value;
        squares += value * value;
      }
      assertThat(sum / 20_000).isCloseTo(0, within(6e-4)); // five of 0.0176/√20000
      assertThat(Math.sqrt(squares / 20_000)).isCloseTo(0.017593, within(3e-4));
    }
  }

  @Test
  void initialValuesDependOnSeedAndNameOnly() {
    // given
    float[] alone = initial(1, "dense/kernel");
    // then
    assertThat(initial(1, "other/kernel", "dense/kernel")).containsExactly(alone);
    assertThat(initial(2, "dense/kernel")).isNotEqualTo(alone);
    assertThat(initial(1, "other/kernel")).isNotEqualTo(alone);
  }

  /** The last of the parameters. */
  private static float[] initial(long seed, String... names) {
    try (ModelGraph graph = new ModelGraph()) {
      for (String name : names) {
        graph.parameters().create(name, Initialization.TRUNCATED_NORMAL, 4, 4);
      }
      graph.parameters().all().forEach(parameter -> graph.initialize(parameter, 0.02, seed));
      return read(graph, names[names.length - 1]);
    }
  }

  private static float[] read(ModelGraph graph, String name) {
    return graph.evaluate(graph.parameters().get(name).value());
  }
}
