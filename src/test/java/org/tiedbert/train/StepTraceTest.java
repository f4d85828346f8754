package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.NodeOutput;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.StepStats;
import org.tensorflow.proto.TensorDescription;
import org.tensorflow.proto.TensorShapeProto;
import org.tiedbert.train.StepTrace.TypeTime;

class StepTraceTest {
  @Test
  void readsWhatTensorFlowTellsOfOneOperation() {
    // given
    StepTrace.Builder trace = new StepTrace.Builder();
    // when: started at 5 µs, at work from 6 to 9 µs
    trace.add(run(node("train/a", "train/a = _MklMatMul(x, y:1)", 5000, 1000, 4000)));
    // then
    assertThat(trace.build().operations())
        .containsExactly(
            new StepTrace.Traced("train/a", "_MklMatMul", "x, y:1", "[2,3]", "cpu", 7, 6.0, 3.0));
  }

  @Test
  void addsUpByType() {
    // given
    StepTrace.Builder trace = new StepTrace.Builder();
    trace.add(run(node("a", "a = Mul(x)", 30_000, 0, 1000), node("s", "_SOURCE", 0, 0, 0)));
    trace.add(run(node("b", "b = MatMul(x)", 20_000, 0, 7000)));
    trace.add(run(node("c", "c = Mul(x)", 10_000, 0, 2000)));
    // when
    StepTrace built = trace.build();
    // then
    assertThat(built.operations())
        .extracting(StepTrace.Traced::name)
        .containsExactly("s", "c", "b", "a");
    assertThat(built.byType()).extracting(TypeTime::type).containsExactly("MatMul", "Mul", "s");
    assertThat(built.byType().get(1).number()).isEqualTo(2);
    assertThat(built.byType().get(1).seconds()).isCloseTo(3e-6, within(1e-12));
    assertThat(built.byType().get(1).share()).isCloseTo(0.3, within(1e-9));
  }

  private static RunMetadata run(NodeExecStats... nodes) {
    DeviceStepStats.Builder device = DeviceStepStats.newBuilder().setDevice("cpu");
    for (NodeExecStats node : nodes) {
      device.addNodeStats(node);
    }
    return RunMetadata.newBuilder()
        .setStepStats(StepStats.newBuilder().addDevStats(device))
        .build();
  }

  private static NodeExecStats node(String name, String label, long start, long from, long to) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : new long[] {2, 3}) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return NodeExecStats.newBuilder()
        .setNodeName(name)
        .setTimelineLabel(label)
        .setThreadId(7)
        .setAllStartNanos(start)
        .setOpStartRelNanos(from)
        .setOpEndRelNanos(to)
        .addOutput(
            NodeOutput.newBuilder()
                .setTensorDescription(TensorDescription.newBuilder().setShape(shape)))
        .build();
  }
}
