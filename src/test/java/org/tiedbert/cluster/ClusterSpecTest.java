package org.tiedbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tiedbert.text.InputException;

class ClusterSpecTest {
  @Test
  void readsWhatTensorFlowReads() {
    // given: the example of TensorFlow's guide to multi-worker training
    String json =
        """
        {"cluster": {"worker": ["localhost:12345", "localhost:23456"]},
         "task": {"type": "worker", "index": 1}}
        """;
    assertThat(ClusterSpec.ofTfConfig(json))
        .isEqualTo(new ClusterSpec(List.of("localhost:12345", "localhost:23456"), 1));
  }

  @Test
  void aChiefComesBeforeTheWorkersAndEvaluatorsTakeNoPart() {
    String json =
        """
        {"cluster": {"worker": ["b:1", "c:1"], "chief": ["a:1"], "evaluator": ["e:1"]},
         "task": {"type": "%s", "index": %s}, "rpc_layer": "grpc"}
        """;
    List<String> workers = List.of("a:1", "b:1", "c:1");
    assertThat(ClusterSpec.ofTfConfig(json.formatted("chief", "0")))
        .isEqualTo(new ClusterSpec(workers, 0));
    assertThat(ClusterSpec.ofTfConfig(json.formatted("worker", "1")))
        .isEqualTo(new ClusterSpec(workers, 2));
    assertThat(ClusterSpec.ofTfConfig(json.formatted("worker", "\"1\"")))
        .isEqualTo(new ClusterSpec(workers, 2)); // as some schedulers write it
    assertThatThrownBy(() -> ClusterSpec.ofTfConfig(json.formatted("evaluator", "0")))
        .hasMessageContaining("task.type must be chief or worker, got 'evaluator'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | it is no JSON",
        "{} | task.type must be chief or worker, got ''",
        "{'cluster': {}, 'task': {'type': 'worker', 'index': 0}} | a cluster needs workers",
        "{'cluster': {'worker': 'a:1'}, 'task': {'type': 'worker', 'index': 0}}"
            + "| cluster.worker must be a list of host:port",
        "{'cluster': {'worker': ['a:1']}, 'task': {'type': 'worker', 'index': 1}}"
            + "| one of the 1 workers, counted from 0, got 1",
        "{'cluster': {'worker': ['a:1']}, 'task': {'type': 'worker', 'index': 'x'}}"
            + "| task.index must be a number, got \"x\"",
        "{'cluster': {'worker': ['a:1']}, 'task': {'type': 'worker'}}| task.index must be a number",
        "{'cluster': {'worker': ['a:1', 'a:1']}, 'task': {'type': 'worker', 'index': 0}}"
            + "| an address of its own",
        "{'cluster': {'worker': ['a']}, 'task': {'type': 'worker', 'index': 0}}"
            + "| host:port, with a port from 1 to 65535, got 'a'",
        "{'cluster': {'worker': ['a:70000']}, 'task': {'type': 'worker', 'index': 0}}"
            + "| got 'a:70000'",
        "{'cluster': {'ps': ['a:1'], 'worker': ['b:1']}, 'task': {'type': 'ps', 'index': 0}}"
            + "| parameter servers",
        "{'cluster': {'chief': ['a:1', 'b:1']}, 'task': {'type': 'chief', 'index': 0}}"
            + "| there can be one chief, there are 2",
      })
  void refusesWhatIsNotThat(String json, String problem) {
    assertThatThrownBy(() -> ClusterSpec.ofTfConfig(json.replace('\'', '"')))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("TF_CONFIG must be as TensorFlow reads it")
        .hasMessageContaining(problem);
  }

  @Test
  void writesWhatItReads() {
    ClusterSpec cluster = new ClusterSpec(List.of("a:1", "b:2"), 1);
    assertThat(cluster.toTfConfig())
        .isEqualTo(
            "{\"cluster\":{\"worker\":[\"a:1\",\"b:2\"]},"
                + "\"task\":{\"type\":\"worker\",\"index\":1}}");
    assertThat(ClusterSpec.ofTfConfig(cluster.toTfConfig())).isEqualTo(cluster);
  }

  @Test
  void knowsWhatOnlyThisMachineReaches() {
    assertThat(new ClusterSpec(List.of("127.0.0.1:1", "localhost:2", "[::1]:3"), 0).isLoopback())
        .isTrue();
    assertThat(new ClusterSpec(List.of("127.0.0.1:1", "10.0.0.2:1"), 0).isLoopback()).isFalse();
    assertThat(new ClusterSpec(List.of("127.0.0.1.example.org:1"), 0).isLoopback()).isFalse();
  }
}
