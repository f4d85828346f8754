package org.tiedbert.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.MetaGraphDef.MetaInfoDef;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.VariableDef;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;
import org.tiedbert.engine.BatchMatMulKernels;
import org.tiedbert.model.Dropout;
import org.tiedbert.model.Encoder.Encoded;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.Parameter;
import org.tiedbert.model.Parameters;
import org.tiedbert.model.PreTrainingModel;
import org.tiedbert.model.SequenceShape;

/**
 * The graph of a SavedModel: a pre-training model that reads any batch, and the operations that
 * restore its parameters and save them. Dimensions as in {@link Signatures}.
 */
final class ServingGraph {
  static final String TAG = "serve";

  // The names that TensorFlow's own Saver gives; some runtimes know no others.
  static final String FILE_NAME = "save/Const";
  static final String SAVED = "save/control_dependency";
  static final String RESTORE = "save/restore_all";

  private static final String SCOPE = "save";

  private final List<Parameter> parameters;
  private final MetaGraphDef definition;

  /**
   * @param maskId of [MASK]
   */
  ServingGraph(EncoderConfig config, int maskId) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Parameters created = new Parameters(tf);
      PreTrainingModel model = new PreTrainingModel(created, config, false);
      parameters = List.copyOf(created.all());
      Map<String, SignatureDef> signatures = signatures(tf, model, maskId);
      CollectionDef variables = variables(addSaver(tf.withSubScope(SCOPE)));
      GraphDef kernels = new BatchMatMulKernels().apply(graph.toGraphDef());
      definition = definition(VariableNames.give(kernels), signatures, variables);
    }
  }

  /** The parameters' names and shapes; the graph they were made in is closed. */
  Collection<Parameter> parameters() {
    return parameters;
  }

  /** All of it, as a SavedModel holds it. */
  MetaGraphDef definition() {
    return definition;
  }

  private static Map<String, SignatureDef> signatures(Ops tf, PreTrainingModel model, int maskId) {
    Operand<TInt32> inputIds = tokens(tf, Signatures.INPUT_IDS);
    Operand<TInt32> attentionMask = tokens(tf, Signatures.ATTENTION_MASK);
    Operand<TInt32> segmentIds = tokens(tf, Signatures.TOKEN_TYPE_IDS);
    List<Operand<TInt32>> inputs = List.of(inputIds, attentionMask, segmentIds);
    SequenceShape shape = SequenceShape.of(tf, inputIds);
    Encoded encoded =
        model.encoder().apply(tf, shape, inputIds, attentionMask, segmentIds, Dropout.none());
    return Signatures.all(
        Signatures.of(inputs, encodeOutputs(tf, model, shape, inputIds, encoded)),
        Signatures.of(inputs, fillMaskOutputs(tf, model, inputIds, maskId, encoded)));
  }

  private static Operand<TInt32> tokens(Ops tf, String name) {
    return tf.withName(name).placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
  }

  private static List<Operand<TFloat32>> encodeOutputs(
      Ops tf,
      PreTrainingModel model,
      SequenceShape shape,
      Operand<TInt32> inputIds,
      Encoded encoded) {
    List<Operand<TFloat32>> states =
        encoded.hiddenStates().stream()
            .map(state -> perToken(tf, inputIds, state, model.config().hiddenSize()))
            .toList(); // [N, S, H] each
    Operand<TFloat32> features = states.get(states.size() - 1); // [N, S, H]
    Operand<TFloat32> pooled = model.pooler().apply(tf, shape, encoded.features()); // [N, H]
    return List.of(
        tf.withName(Signatures.LAST_HIDDEN_STATE).identity(features),
        tf.withName(Signatures.POOLER_OUTPUT).identity(pooled),
        tf.withName(Signatures.HIDDEN_STATES).stack(states)); // [L+1, N, S, H]
  }

  private static List<Operand<?>> fillMaskOutputs(
      Ops tf, PreTrainingModel model, Operand<TInt32> inputIds, int maskId, Encoded encoded) {
    Operand<TBool> isMask = tf.math.equal(inputIds, tf.constant(maskId)); // [N, S]
    Operand<TInt64> positions = tf.where(isMask); // [M, 2]
    Operand<TInt64> flat = tf.where(tf.reshape(isMask, tf.array(-1))); // [M, 1]
    Operand<TInt32> rows =
        tf.reshape(tf.dtypes.cast(flat, TInt32.class), tf.array(-1)); // [M], rows of the features
    Operand<TFloat32> logits =
        model.maskedLanguageModel().apply(tf, encoded.features(), rows); // [M, V]
    return List.of(
        tf.withName(Signatures.MASK_POSITIONS).dtypes.cast(positions, TInt32.class),
        tf.withName(Signatures.LOGITS).identity(logits));
  }

  /** From [N·S, H] to [N, S, H]. */
  private static Operand<TFloat32> perToken(
      Ops tf, Operand<TInt32> inputIds, Operand<TFloat32> features, int hiddenSize) {
    Operand<TInt32> shape =
        tf.concat(List.of(tf.shape(inputIds), tf.array(hiddenSize)), tf.constant(0)); // [3]
    return tf.reshape(features, shape);
  }

  /** Returns, for each parameter, what assigns it the restored value. */
  private List<Op> addSaver(Ops tf) {
    Operand<TString> fileName =
        tf.withName("Const").placeholderWithDefault(tf.constant("model"), Shape.scalar());
    String[] names = parameters.stream().map(Parameter::name).toArray(String[]::new);
    String[] whole = new String[names.length];
    Arrays.fill(whole, "");
    Op save =
        tf.train.save(
            fileName,
            tf.array(names),
            tf.array(whole),
            parameters.stream().<Operand<?>>map(Parameter::value).toList());
    tf.withControlDependencies(save).withName("control_dependency").identity(fileName);
    List<Class<? extends TType>> types = Collections.nCopies(names.length, TFloat32.class);
    List<Output<?>> restored =
        tf.train.restore(fileName, tf.array(names), tf.array(whole), types).tensors();
    List<Op> assignments = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      assignments.add(tf.assignVariableOp(parameters.get(i).handle(), restored.get(i)));
    }
    tf.withControlDependencies(assignments).withName("restore_all").noOp();
    return assignments;
  }

  /** Without these a Python program can call the signatures, but not see the parameters. */
  private CollectionDef variables(List<Op> assignments) {
    CollectionDef.BytesList.Builder list = CollectionDef.BytesList.newBuilder();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      list.addValue(
          VariableDef.newBuilder()
              .setVariableName(parameter.name() + ":0")
              .setInitializerName(assignments.get(i).op().name())
              .setSnapshotName(parameter.value().op().name() + ":0")
              .setIsResource(true)
              .setTrainable(true)
              .build()
              .toByteString());
    }
    return CollectionDef.newBuilder().setBytesList(list).build();
  }

  private static MetaGraphDef definition(
      GraphDef graph, Map<String, SignatureDef> signatures, CollectionDef variables) {
    return MetaGraphDef.newBuilder()
        .setMetaInfoDef(
            MetaInfoDef.newBuilder().addTags(TAG).setTensorflowVersion(TensorFlow.version()))
        .setGraphDef(graph)
        .setSaverDef(
            SaverDef.newBuilder()
                .setFilenameTensorName(FILE_NAME + ":0")
                .setSaveTensorName(SAVED + ":0")
                .setRestoreOpName(RESTORE)
                .setVersion(SaverDef.CheckpointFormatVersion.V2))
        .putCollectionDef("variables", variables)
        .putCollectionDef("trainable_variables", variables)
        .putAllSignatureDef(signatures)
        .build();
  }
}
