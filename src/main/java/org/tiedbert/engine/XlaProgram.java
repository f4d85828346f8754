package org.tiedbert.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StatefulPartitionedCall;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.DataType;

/**
 * A program as XLA compiles it: a function, and one operation that calls it. The function has all
 * operations of the program in it; what is fed, and the variables, are its arguments, since XLA
 * knows no handles of its own. The call must be compiled: it fails on an operation that XLA does
 * not have.
 */
final class XlaProgram {
  private static final String SCOPE = "program/";

  private final Graph graph;
  private final Program program;

  private XlaProgram(Graph graph, Program program) {
    this.graph = graph;
    this.program = program;
  }

  /** The call of a program, added to its graph. */
  static Program of(Graph graph, Program program) {
    return new XlaProgram(graph, program).call();
  }

  private Program call() {
    List<Operand<?>> results = new ArrayList<>(program.fetches());
    if (!program.targets().isEmpty()) {
      results.add(done());
    }
    List<Operand<?>> arguments = arguments(results);
    try (ConcreteFunction function =
        ConcreteFunction.create(signature(arguments, results), graph)) {
      Operation call = call(function, arguments, results);
      List<Operand<?>> fetches = new ArrayList<>();
      for (int i = 0; i < program.fetches().size(); i++) {
        fetches.add(call.output(i));
      }
      return new Program(program.name(), program.feeds(), fetches, List.of(call));
    }
  }

  /** A function keeps what its results wait for. */
  private Operand<?> done() {
    List<Op> targets = program.targets().stream().<Op>map(target -> () -> target).toList();
    return Ops.create(graph)
        .withSubScope("done")
        .withControlDependencies(targets)
        .withName(program.name())
        .constant(true);
  }

  /** What is fed, and then the variables by name: a graph tells of operations in any order. */
  private List<Operand<?>> arguments(List<Operand<?>> results) {
    Set<GraphOperation> operations =
        graph.completeSubgraph(new HashSet<>(program.feeds()), new HashSet<>(results));
    List<Operand<?>> arguments = new ArrayList<>(program.feeds());
    operations.stream()
        .filter(operation -> operation.type().equals(VarHandleOp.OP_NAME))
        .sorted(Comparator.comparing(Operation::name))
        .forEach(variable -> arguments.add(variable.output(0)));
    return arguments;
  }

  private Signature signature(List<Operand<?>> arguments, List<Operand<?>> results) {
    Signature.Builder signature = Signature.builder(program.name());
    for (Operand<?> argument : arguments) {
      signature.input(name(argument), argument);
    }
    for (Operand<?> result : results) {
      signature.output(name(result), result);
    }
    return signature.build();
  }

  private Operation call(
      ConcreteFunction function, List<Operand<?>> arguments, List<Operand<?>> results) {
    return graph
        .opBuilder(
            StatefulPartitionedCall.OP_NAME, SCOPE + program.name(), Ops.create(graph).scope())
        .addInputList(arguments.stream().map(Operand::asOutput).toArray(Output<?>[]::new))
        .setAttr("Tout", results.stream().map(XlaProgram::type).toArray(DataType[]::new))
        .setAttr("f", function)
        .setAttr("_XlaMustCompile", true)
        .build();
  }

  private static DataType type(Operand<?> operand) {
    return operand.asOutput().dataType();
  }

  private static String name(Operand<?> operand) {
    return operand.op().name() + ":" + operand.asOutput().index();
  }
}
