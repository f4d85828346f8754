package org.tiedbert.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.VariableDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;
import org.tiedbert.model.Parameter;

/** The operations of a SavedModel that restore its parameters and save them. */
final class VariableSaver {
  // The names that TensorFlow's own Saver gives; some runtimes know no others.
  static final String FILE_NAME = "save/Const";
  static final String SAVED = "save/control_dependency";
  static final String RESTORE = "save/restore_all";

  private static final String SCOPE = "save";

  private final List<Parameter> parameters;
  private final List<Op> assignments; // of the restored values

  /** Adds them to the parameters' graph. */
  VariableSaver(Ops root, Collection<Parameter> parameters) {
    this.parameters = List.copyOf(parameters);
    Ops tf = root.withSubScope(SCOPE);
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
    this.assignments = restore(tf, fileName, names, whole);
    tf.withControlDependencies(assignments).withName("restore_all").noOp();
  }

  private List<Op> restore(Ops tf, Operand<TString> fileName, String[] names, String[] whole) {
    List<Class<? extends TType>> types = Collections.nCopies(names.length, TFloat32.class);
    List<Output<?>> restored =
        tf.train.restore(fileName, tf.array(names), tf.array(whole), types).tensors();
    List<Op> assigned = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      assigned.add(tf.assignVariableOp(parameters.get(i).handle(), restored.get(i)));
    }
    return assigned;
  }

  /** Says where they are. */
  void describe(MetaGraphDef.Builder definition) {
    CollectionDef variables = variables();
    definition
        .setSaverDef(
            SaverDef.newBuilder()
                .setFilenameTensorName(FILE_NAME + ":0")
                .setSaveTensorName(SAVED + ":0")
                .setRestoreOpName(RESTORE)
                .setVersion(SaverDef.CheckpointFormatVersion.V2))
        .putCollectionDef("variables", variables)
        .putCollectionDef("trainable_variables", variables);
  }

  /** Without these a Python program can call the signatures, but not see the parameters. */
  private CollectionDef variables() {
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
}
