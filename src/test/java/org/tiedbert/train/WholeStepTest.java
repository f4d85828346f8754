package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.Result;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;
import org.tiedbert.batch.Batch;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;
import org.tiedbert.train.StageSession.Update;

/** A step that XLA compiles as one program, next to the same step without a compiler. */
class WholeStepTest {
  private static final LossConfig LOSS = new LossConfig(1, FeatureLevel.WORD, true);
  private static final Batch BATCH = ReferenceBertSetup.batch(20, 7, 15, 3);
  private static final double LEARNING_RATE = 1e-2;
  private static final Update UPDATE = new Update(LEARNING_RATE, Double.POSITIVE_INFINITY);
  private static final String BIAS = "cls/predictions/output_bias";
  private static final RunOptions TRACE =
      RunOptions.newBuilder()
          .setTraceLevel(RunOptions.TraceLevel.FULL_TRACE)
          .setOutputPartitionGraphs(true)
          .build();

  /** Where variables live, and how what is fed and fetched comes in and out. */
  private static final Predicate<String> IS_NO_WORK =
      operation -> List.of("VarHandleOp", "_Arg", "_Retval", "NoOp").contains(operation);

  private static StageSession plain;
  private static StageSession whole;

  @BeforeAll
  static void open() {
    plain = open(Precision.FLOAT32, XlaMode.OFF, 4);
    whole = open(Precision.FLOAT32, XlaMode.FULL, 4);
  }

  @AfterAll
  static void close() {
    plain.close();
    whole.close();
  }

  private static StageSession open(Precision precision, XlaMode xla, int microBatchSize) {
    EngineConfig engine = new EngineConfig(precision, xla, EngineConfig.Device.CPU, 2);
    return ReferenceBertSetup.open(
        ReferenceBertSetup.forward(0.1, 0.1, 2, LOSS, microBatchSize), engine, name -> true);
  }

  @Test
  void aStepRunsOneCompiledCallAndNothingElse() {
    // when
    List<RunMetadata> runs = runsOfAStep(whole);
    // then: what TensorFlow was to run
    assertThat(runs).hasSize(1);
    List<NodeDef> nodes =
        runs.get(0).getPartitionGraphsList().stream()
            .map(GraphDef::getNodeList)
            .flatMap(List::stream)
            .filter(node -> IS_NO_WORK.negate().test(node.getOp()))
            .toList();
    assertThat(nodes).extracting(NodeDef::getOp).containsExactly("StatefulPartitionedCall");
    NodeDef call = nodes.get(0);
    assertThat(call.getAttrOrThrow("_XlaMustCompile").getB()).isTrue();
    // and what it ran: an operation of the function that had a kernel of its own would be there
    assertThat(operationsThatRan(runs.get(0))).containsExactly("StatefulPartitionedCall");
    // and the function has all of the step in it
    List<String> operations = operations(whole, call.getAttrOrThrow("f").getFunc().getName());
    int numTrained = whole.graph().gradients().size();
    assertThat(operations)
        .contains("StatelessRandomUniformFullIntV2") // noise and dropout
        .doesNotContain("VarHandleOp", "Placeholder");
    // as TrainGraphEngineTest counts them: forward, and twice as many in the gradients, but for
    // that of the segments' numbers
    assertThat(operations.stream().filter(type -> type.contains("MatMul"))).hasSize(21 + 42 - 1);
    assertThat(operations.stream().filter("L2Loss"::equals)).hasSize(numTrained); // the norm
    assertThat(operations.stream().filter("ResourceApplyAdam"::equals)).hasSize(numTrained);
  }

  private static List<RunMetadata> runsOfAStep(StageSession session) {
    List<RunMetadata> runs = new ArrayList<>();
    session.step(
        BATCH,
        0,
        UPDATE,
        runner -> {
          Result result = runner.setOptions(TRACE).runAndFetchMetadata();
          runs.add(result.getMetadata().orElseThrow());
          return result;
        });
    return runs;
  }

  private static List<String> operationsThatRan(RunMetadata run) {
    StepTrace.Builder trace = new StepTrace.Builder();
    trace.add(run);
    return trace.build().operations().stream()
        .map(StepTrace.Traced::type)
        .filter(IS_NO_WORK.negate())
        .toList();
  }

  private static List<String> operations(StageSession session, String function) {
    return session.graph().definition().getLibrary().getFunctionList().stream()
        .filter(one -> one.getSignature().getName().equals(function))
        .map(FunctionDef::getNodeDefList)
        .flatMap(List::stream)
        .map(NodeDef::getOp)
        .toList();
  }

  @Test
  void stepsAndTheirMicroBatchesAreThoseWithoutCompiler() {
    Map<String, float[]> start = plain.values().read(variables());
    try (StageSession micro = open(Precision.FLOAT32, XlaMode.FULL, 2)) {
      whole.values().assign(start);
      micro.values().assign(start);
      for (int step = 0; step < 3; step++) {
        // when
        StepMetrics expected = plain.step(BATCH, step, UPDATE);
        StepMetrics compiled = whole.step(BATCH, step, UPDATE);
        StepMetrics accumulated = micro.step(BATCH, step, UPDATE);
        // then
        CloseVariables.requireMetrics(expected, compiled, 2e-5);
        CloseVariables.requireMetrics(expected, accumulated, 2e-5);
      }
      Map<String, float[]> trained = plain.values().read(variables());
      CloseVariables.require(trained, whole.values().read(variables()), 3e-4, LEARNING_RATE);
      CloseVariables.require(trained, micro.values().read(variables()), 3e-4, LEARNING_RATE);
      // and the steps have moved them by far more than that
      assertThat(trained.get(BIAS)[0] - start.get(BIAS)[0])
          .isNotCloseTo(0, within(0.5f * (float) LEARNING_RATE));
    }
  }

  @Test
  void bfloat16RoundsNoOtherwise() {
    // given: eight bits of mantissa
    try (StageSession rounded = open(Precision.BFLOAT16, XlaMode.OFF, 4);
        StageSession compiled = open(Precision.BFLOAT16, XlaMode.FULL, 4)) {
      Map<String, float[]> start = rounded.values().read(variables());
      for (int step = 0; step < 3; step++) {
        StepMetrics expected = rounded.step(BATCH, step, UPDATE);
        // when
        StepMetrics actual = compiled.step(BATCH, step, UPDATE);
        // then
        CloseVariables.requireMetrics(expected, actual, 3e-2);
      }
      Map<String, float[]> trained = rounded.values().read(variables());
      CloseVariables.requireMoves(start, trained, compiled.values().read(variables()), 0.15);
    }
  }

  @Test
  void evaluatesAsWithoutCompiler() {
    whole.values().assign(plain.values().read(variables()));
    HeldOutSums expected = plain.evaluate(BATCH, 8);
    HeldOutSums actual = whole.evaluate(BATCH, 8);
    assertThat(actual.toArray()).containsExactly(expected.toArray(), within(1e-4));
  }

  @Test
  void nothingChangesWhereAGradientIsNotFinite() {
    // given
    float[] broken = whole.values().read(List.of(BIAS)).get(BIAS);
    float[] bias = broken.clone();
    broken[7] = Float.NaN;
    whole.values().assign(Map.of(BIAS, broken));
    Map<String, float[]> before = whole.values().read(variables());
    // when
    StepMetrics metrics = whole.step(BATCH, 0, UPDATE);
    // then
    assertThat(metrics.isFinite()).isFalse();
    assertThat(metrics.gradientNorm()).isNaN();
    requireBitEqual(before);
    assertThat(whole.gradients(BATCH, 0).get(BIAS)[7]).isNaN();
    whole.values().assign(Map.of(BIAS, bias));
  }

  @Test
  void nothingChangesWhereTheLossIsAboveTheLimit() {
    // given
    Map<String, float[]> before = whole.values().read(variables());
    double loss = whole.step(BATCH, 0, new Update(LEARNING_RATE, 0)).total();
    requireBitEqual(before);
    // when: a number that no float32 is, just below the loss
    whole.step(BATCH, 0, new Update(LEARNING_RATE, Math.nextDown(loss)));
    // then
    requireBitEqual(before);
    // when
    whole.step(BATCH, 0, new Update(LEARNING_RATE, loss));
    // then
    assertThat(whole.values().read(List.of(BIAS)).get(BIAS)).isNotEqualTo(before.get(BIAS));
  }

  private static void requireBitEqual(Map<String, float[]> before) {
    whole
        .values()
        .read(before.keySet())
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(before.get(name)));
  }

  private static List<String> variables() {
    return List.copyOf(plain.graph().variables().keySet());
  }
}
