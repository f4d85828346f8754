package org.tiedbert.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Range;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import com.google.common.primitives.Ints;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tiedbert.text.InputException;

/**
 * Who the workers of a run are, and which of them this process is.
 *
 * @param workers {@code host:port} of each worker's server; the first is the chief, who writes the
 *     run
 * @param worker this one, counted from 0
 */
public record ClusterSpec(List<String> workers, int worker) {
  /** The environment variable that TensorFlow's distribution strategies read. */
  public static final String TF_CONFIG = "TF_CONFIG";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Range<Integer> PORTS = Range.closed(1, 65_535);

  public ClusterSpec {
    workers = List.copyOf(workers);
    workers.forEach(ClusterSpec::requireAddress);
    if (workers.isEmpty()) {
      throw new IllegalArgumentException("a cluster needs workers, got none");
    }
    Set<String> different = new HashSet<>(workers);
    if (different.size() < workers.size()) {
      throw new IllegalArgumentException(
          "every worker needs an address of its own, got " + String.join(", ", workers));
    }
    if (worker < 0 || worker >= workers.size()) {
      throw new IllegalArgumentException(
          "worker must be the number of one of the %d workers, counted from 0, got %d"
              .formatted(workers.size(), worker));
    }
  }

  /**
   * From the value of {@code TF_CONFIG}, as TensorFlow's MultiWorkerMirroredStrategy reads it:
   * {@code {"cluster": {"worker": ["host:port", …]}, "task": {"type": "worker", "index": 0}}}. A
   * job {@code chief} with one task comes before the workers; without it worker 0 is the chief.
   * Evaluators take no part and are passed over.
   *
   * @throws InputException if it is not that
   */
  public static ClusterSpec ofTfConfig(String json) {
    try {
      JsonNode config = MAPPER.readTree(json);
      JsonNode cluster = config.path("cluster");
      if (!cluster.path("ps").isMissingNode()) {
        throw refusal("parameter servers (ps) take no part in synchronous training", json);
      }
      List<String> chief = addresses(cluster, "chief", json);
      List<String> workers = new ArrayList<>(chief);
      workers.addAll(addresses(cluster, "worker", json));
      if (chief.size() > 1) {
        throw refusal("there can be one chief, there are " + chief.size(), json);
      }
      JsonNode index = config.path("task").path("index");
      String type = config.path("task").path("type").asText();
      if (!type.equals("chief") && !type.equals("worker")) {
        throw refusal("task.type must be chief or worker, got '%s'".formatted(type), json);
      }
      Integer number = Ints.tryParse(index.asText()); // also written as a text
      if (number == null) {
        throw refusal("task.index must be a number, got " + index, json);
      }
      return new ClusterSpec(workers, number + (type.equals("worker") ? chief.size() : 0));
    } catch (JsonProcessingException e) {
      throw refusal("it is no JSON: " + e.getOriginalMessage(), json);
    } catch (IllegalArgumentException e) {
      throw refusal(e.getMessage(), json);
    }
  }

  private static List<String> addresses(JsonNode cluster, String job, String json) {
    JsonNode tasks = cluster.path(job);
    if (!tasks.isMissingNode() && !tasks.isArray()) {
      throw refusal("cluster.%s must be a list of host:port".formatted(job), json);
    }
    List<String> addresses = new ArrayList<>();
    tasks.forEach(task -> addresses.add(task.asText()));
    return addresses;
  }

  private static InputException refusal(String problem, String json) {
    return new InputException(
        ("%s must be as TensorFlow reads it, such as {\"cluster\": {\"worker\": [\"a:7101\","
                + " \"b:7101\"]}, \"task\": {\"type\": \"worker\", \"index\": 0}}; %s; got %s")
            .formatted(TF_CONFIG, problem, json));
  }

  /** This cluster as a value of {@code TF_CONFIG}. */
  public String toTfConfig() {
    ObjectNode config = MAPPER.createObjectNode();
    ArrayNode addresses = config.putObject("cluster").putArray("worker");
    workers.forEach(addresses::add);
    config.putObject("task").put("type", "worker").put("index", worker);
    return config.toString();
  }

  /** Addresses on this machine whose ports nobody listens on at the moment. */
  public static List<String> freeLocalAddresses(int numWorkers) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      List<String> addresses = new ArrayList<>();
      for (int worker = 0; worker < numWorkers; worker++) {
        sockets.add(new ServerSocket(0));
        addresses.add("127.0.0.1:" + sockets.get(worker).getLocalPort());
      }
      return addresses;
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Whether all workers are on this machine and name it so. */
  public boolean isLoopback() {
    return workers.stream().map(HostAndPort::fromString).allMatch(ClusterSpec::isLoopback);
  }

  private static boolean isLoopback(HostAndPort address) {
    String host = address.getHost();
    return host.equals("localhost")
        || InetAddresses.isInetAddress(host) && InetAddresses.forString(host).isLoopbackAddress();
  }

  /** Address of a worker. */
  HostAndPort address(int ofWorker) {
    return HostAndPort.fromString(workers.get(ofWorker));
  }

  static void requireAddress(String text) {
    try {
      HostAndPort address = HostAndPort.fromString(text);
      if (address.hasPort() && PORTS.contains(address.getPort()) && !address.getHost().isEmpty()) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "a worker must be named host:port, with a port from 1 to 65535, got '%s'".formatted(text));
  }
}
