package org.tiedbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TString;
import org.tiedbert.engine.GraphPass;

/**
 * The operation that writes variables as a TensorFlow V2 checkpoint.
 *
 * @param prefix string scalar, fed
 */
public record Saver(Operand<TString> prefix, Operation save) {

  /** Adds it to a graph. */
  public static Saver of(Ops tf, Collection<Variable> variables) {
    Operand<TString> prefix =
        tf.withName("save_prefix").placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    String[] names = variables.stream().map(Variable::name).toArray(String[]::new);
    String[] wholes = new String[names.length];
    Arrays.fill(wholes, "");
    List<Operand<?>> values = new ArrayList<>();
    variables.forEach(variable -> values.add(variable.value()));
    Operation save =
        tf.withName("save").train.save(prefix, tf.array(names), tf.array(wholes), values).op();
    return new Saver(prefix, save);
  }

  /** The same operation in a graph that was rewritten from this one's. */
  public Saver in(Graph rewritten) {
    return new Saver(GraphPass.find(rewritten, prefix), rewritten.operationOrThrow(save.name()));
  }
}
