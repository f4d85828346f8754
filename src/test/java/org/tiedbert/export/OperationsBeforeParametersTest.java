package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;

class OperationsBeforeParametersTest {
  @Test
  void areThoseThatDependOnTheInputAndOnNoParameter() {
    try (Graph graph = new Graph()) {
      // given: text -> length -> doubled -> looked up in a table of parameters, plus text -> real,
      // which meets a parameter only at the end; beside them what is not asked for
      Ops tf = Ops.create(graph);
      Operand<TString> text =
          tf.withName("text").placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
      Operand<TInt32> length = tf.withName("length").strings.stringLength(text);
      Operand<TInt32> doubled = tf.withName("doubled").math.add(length, length);
      Operand<TFloat32> real = tf.withName("real").dtypes.cast(length, TFloat32.class);
      Operand<TFloat32> table =
          tf.readVariableOp(
              tf.varHandleOp(TFloat32.class, Shape.of(9), VarHandleOp.sharedName("table")),
              TFloat32.class);
      Operand<TFloat32> found = tf.gather(table, doubled, tf.constant(0));
      tf.withName("output").math.mul(found, real);
      tf.withName("unasked").math.mul(doubled, doubled);
      // when
      OperationsBeforeParameters before = new OperationsBeforeParameters(graph.toGraphDef());
      // then
      assertThat(before.between("text:0", "output:0")).containsExactlyInAnyOrder("doubled", "real");
      assertThat(before.between("text:0", "unasked:0")).isEmpty();
    }
  }
}
