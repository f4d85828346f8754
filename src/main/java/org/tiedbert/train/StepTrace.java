package org.tiedbert.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.NodeOutput;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.TensorShapeProto;

/**
 * What the operations of one step took.
 *
 * @param operations in the order in which they started
 */
public record StepTrace(List<Traced> operations) {
  public StepTrace {
    operations = List.copyOf(operations);
  }

  /**
   * One operation at work.
   *
   * @param name in the graph
   * @param type such as MatMul, as it ran: some are rewritten, or several joined into one
   * @param inputs names of the operations it waited for
   * @param shape of its first output, such as [8192,256]; empty where it has none
   * @param device it ran on
   * @param thread it ran on
   * @param startMicros since some moment that is the same for all
   * @param micros it took
   */
  public record Traced(
      String name,
      String type,
      String inputs,
      String shape,
      String device,
      int thread,
      double startMicros,
      double micros) {}

  /**
   * All operations of one type.
   *
   * @param seconds of all of them together, which run on several threads
   * @param share of the seconds of all types, in [0, 1]
   */
  public record TypeTime(String type, int number, double seconds, double share) {}

  /** Sums by type, the longest first. */
  public List<TypeTime> byType() {
    Map<String, List<Traced>> types = new LinkedHashMap<>();
    operations.forEach(
        one -> types.computeIfAbsent(one.type(), type -> new ArrayList<>()).add(one));
    double total = seconds(operations);
    return types.entrySet().stream()
        .map(
            type -> {
              double seconds = seconds(type.getValue());
              return new TypeTime(type.getKey(), type.getValue().size(), seconds, seconds / total);
            })
        .sorted(Comparator.comparingDouble(TypeTime::seconds).reversed())
        .toList();
  }

  private static double seconds(List<Traced> operations) {
    return operations.stream().mapToDouble(Traced::micros).sum() / 1e6;
  }

  /** Takes what TensorFlow tells of runs, one after the other. */
  static final class Builder {
    /** What TensorFlow says of an operation: {@code name = Type(inputs)}. */
    private static final Pattern LABEL =
        Pattern.compile("^(?:\\[.*] )?\\S+ = (\\w+)\\(([^)]*)\\).*", Pattern.DOTALL);

    private final List<Traced> operations = new ArrayList<>();

    void add(RunMetadata run) {
      for (DeviceStepStats device : run.getStepStats().getDevStatsList()) {
        for (NodeExecStats node : device.getNodeStatsList()) {
          operations.add(traced(device.getDevice(), node));
        }
      }
    }

    private static Traced traced(String device, NodeExecStats node) {
      Matcher label = LABEL.matcher(node.getTimelineLabel());
      boolean matches = label.matches();
      return new Traced(
          node.getNodeName(),
          matches ? label.group(1) : node.getNodeName(),
          matches ? label.group(2) : "",
          node.getOutputList().stream().findFirst().map(Builder::shape).orElse(""),
          device,
          node.getThreadId(),
          (node.getAllStartNanos() + node.getOpStartRelNanos()) / 1e3,
          (node.getOpEndRelNanos() - node.getOpStartRelNanos()) / 1e3);
    }

    private static String shape(NodeOutput output) {
      List<Long> sizes =
          output.getTensorDescription().getShape().getDimList().stream()
              .map(TensorShapeProto.Dim::getSize)
              .toList();
      return sizes.toString().replace(" ", "");
    }

    StepTrace build() {
      return new StepTrace(
          operations.stream().sorted(Comparator.comparingDouble(Traced::startMicros)).toList());
    }
  }
}
