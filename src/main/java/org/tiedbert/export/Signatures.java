package org.tiedbert.export;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.TensorShapeProto.Dim;

/**
 * The signatures of an exported model and the names in them. Dimensions: N sequences, S tokens of
 * each, L layers, H hidden, V vocabulary, M masks.
 *
 * <p>Both take int32 {@code input_ids}, {@code attention_mask} (1 for real tokens, 0 for padding)
 * and {@code token_type_ids}, all [N, S], of any N and any S up to the model's longest sequence.
 *
 * <ul>
 *   <li>{@code encode}, also the default: {@code last_hidden_state} [N, S, H], {@code
 *       pooler_output} [N, H] and {@code hidden_states} [L+1, N, S, H], the embeddings' output and
 *       every layer's.
 *   <li>{@code fill_mask}: for every {@code [MASK]} among the input ids, in reading order, its row
 *       and place {@code mask_positions}, int32 [M, 2], and the {@code logits} [M, V] of what
 *       stands there. Logits of the other tokens, most of the work, are not computed.
 * </ul>
 */
public final class Signatures {
  public static final String SERVING_DEFAULT = "serving_default";
  public static final String ENCODE = "encode";
  public static final String FILL_MASK = "fill_mask";

  public static final String INPUT_IDS = "input_ids";
  public static final String ATTENTION_MASK = "attention_mask";
  public static final String TOKEN_TYPE_IDS = "token_type_ids";

  public static final String LAST_HIDDEN_STATE = "last_hidden_state";
  public static final String POOLER_OUTPUT = "pooler_output";
  public static final String HIDDEN_STATES = "hidden_states";
  public static final String MASK_POSITIONS = "mask_positions";
  public static final String LOGITS = "logits";

  private static final String METHOD = "tensorflow/serving/predict";

  private Signatures() {}

  /**
   * What is in a graph under the names of its operations.
   *
   * @param outputs of known rank, each the operation that has the output's name
   */
  static SignatureDef of(List<? extends Operand<?>> inputs, List<? extends Operand<?>> outputs) {
    SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName(METHOD);
    inputs.forEach(input -> signature.putInputs(input.op().name(), info(input.asOutput())));
    outputs.forEach(output -> signature.putOutputs(output.op().name(), info(output.asOutput())));
    return signature.build();
  }

  /** All signatures by name, with the default. */
  static Map<String, SignatureDef> all(SignatureDef encode, SignatureDef fillMask) {
    return Map.of(SERVING_DEFAULT, encode, ENCODE, encode, FILL_MASK, fillMask);
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
