package org.tiedbert.export;

import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.TensorShapeProto.Dim;
import org.tensorflow.types.family.TType;

/**
 * What a caller feeds and gets, each in the graph under its own name within the scope of the first
 * signature that has it.
 */
final class SignatureBuilder {
  private static final String METHOD = "tensorflow/serving/predict";

  private final Ops tf;
  private final SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName(METHOD);

  SignatureBuilder(Ops tf) {
    this.tf = tf;
  }

  <T extends TType> Operand<T> input(String name, Class<T> type, long... dimensions) {
    return input(
        name, tf.withName(name).placeholder(type, Placeholder.shape(Shape.of(dimensions))));
  }

  /** What another signature takes too. */
  <T extends TType> Operand<T> input(String name, Operand<T> placeholder) {
    signature.putInputs(name, info(placeholder.asOutput()));
    return placeholder;
  }

  /**
   * @param output of known rank
   */
  SignatureBuilder output(String name, Operand<? extends TType> output) {
    signature.putOutputs(name, info(tf.withName(name).identity(output).asOutput()));
    return this;
  }

  SignatureDef build() {
    return signature.build();
  }

  private static TensorInfo info(Output<?> output) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    Shape known = output.shape();
    for (int i = 0; i < known.numDimensions(); i++) {
      shape.addDim(Dim.newBuilder().setSize(known.get(i)));
    }
    return TensorInfo.newBuilder()
        .setName(output.op().name() + ":" + output.index())
        .setDtype(output.dataType())
        .setTensorShape(shape)
        .build();
  }
}
