package org.tiedbert.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorShapeProto.Dim;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.text.InputException;

/** A SavedModel in memory and its signatures, whoever wrote it. Safe for use by several threads. */
final class LoadedModel implements AutoCloseable {
  private final Path directory;
  private final SavedModelBundle bundle;
  private final SortedMap<String, SignatureDef> signatures;

  /**
   * A signature with the names that a caller of it uses.
   *
   * @param outputs in the order in which {@link #run} gives them
   */
  record Function(SignatureDef signature, List<String> inputs, List<String> outputs) {}

  private LoadedModel(Path directory, SavedModelBundle bundle) {
    this.directory = directory;
    this.bundle = bundle;
    this.signatures = new TreeMap<>(bundle.metaGraphDef().getSignatureDefMap());
  }

  /**
   * @throws InputException if the folder holds no SavedModel, or a damaged one
   */
  static LoadedModel load(Path directory) {
    return new LoadedModel(directory, bundle(directory, ConfigProto.getDefaultInstance()));
  }

  /** The model itself, owned by the caller, with settings for its session; throws as load does. */
  static SavedModelBundle bundle(Path directory, ConfigProto settings) {
    Path graph = directory.resolve(SavedModelExport.GRAPH);
    if (!Files.isRegularFile(graph)) {
      throw new InputException("no SavedModel at %s: %s is missing".formatted(directory, graph));
    }
    Path variables = directory.resolve(SavedModelExport.VARIABLES);
    if (Files.exists(variables.getParent())) {
      TensorBundle.open(variables).close(); // TensorFlow ends the process over an index that lies
    }
    SavedModelBundle bundle;
    try {
      bundle =
          SavedModelBundle.loader(directory.toString())
              .withTags(ServingGraph.TAG)
              .withConfigProto(settings)
              .load();
    } catch (TensorFlowException | IllegalArgumentException e) { // some of TensorFlow's are these
      throw new InputException(
          "SavedModel %s cannot be loaded: %s".formatted(directory, reason(e)), e);
    }
    if (!Files.exists(variables.getParent()) && hasVariables(bundle)) {
      bundle.close();
      throw new InputException(
          "SavedModel %s has variables, but its folder %s is missing"
              .formatted(directory, variables.getParent()));
    }
    return bundle;
  }

  /** TensorFlow loads a model without their values and fails at the first call. */
  private static boolean hasVariables(SavedModelBundle bundle) {
    return bundle.metaGraphDef().getGraphDef().getNodeList().stream()
        .anyMatch(node -> node.getOp().equals("VarHandleOp"));
  }

  /**
   * The first of some signatures that takes these inputs, and no others, and gives these outputs.
   *
   * @param purpose what it is wanted for, for the error: cannot …
   * @throws InputException if there is none
   */
  Function function(String purpose, List<String> names, List<String> inputs, List<String> outputs) {
    return names.stream()
        .map(signatures::get)
        .filter(Objects::nonNull)
        .filter(signature -> signature.getInputsMap().keySet().equals(Set.copyOf(inputs)))
        .filter(signature -> signature.getOutputsMap().keySet().containsAll(outputs))
        .map(signature -> new Function(signature, inputs, outputs))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "SavedModel %s cannot %s: that takes a signature %s from %s to %s; it has %s"
                        .formatted(
                            directory,
                            purpose,
                            names.get(0),
                            String.join(", ", inputs),
                            String.join(", ", outputs),
                            String.join(", ", signatures.keySet()))));
  }

  /** The size that the last dimension of an output always has, where that can be told. */
  OptionalInt lastDimension(String signature, String output) {
    SignatureDef found = signatures.get(signature);
    if (found == null || !found.containsOutputs(output)) {
      return OptionalInt.empty();
    }
    List<Dim> shape = found.getOutputsOrThrow(output).getTensorShape().getDimList();
    long size = shape.isEmpty() ? -1 : shape.get(shape.size() - 1).getSize();
    return size < 0 ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(size));
  }

  /** A file for people and programs, beside the graph; it may be missing. */
  Path asset(String name) {
    return directory.resolve(SavedModelExport.ASSETS).resolve(name);
  }

  /**
   * @param inputs in the function's order
   * @return owned by the caller
   * @throws InputException if the model refuses what it is fed
   */
  Result run(Function function, List<? extends Tensor> inputs) {
    Session.Runner runner = bundle.session().runner();
    try {
      for (int i = 0; i < inputs.size(); i++) {
        String name = function.inputs.get(i);
        runner.feed(function.signature.getInputsOrThrow(name).getName(), inputs.get(i));
      }
      for (String name : function.outputs) {
        runner.fetch(function.signature.getOutputsOrThrow(name).getName());
      }
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "SavedModel %s is damaged, a signature of it leads nowhere: %s"
              .formatted(directory, e.getMessage()),
          e);
    }
    try {
      return runner.run();
    } catch (TFInvalidArgumentException e) {
      throw new InputException(
          "SavedModel %s refuses its input: %s".formatted(directory, e.getMessage()), e);
    }
  }

  /** TensorFlow's further lines are for those who wrote the graph. */
  private static String reason(RuntimeException e) {
    return e.getMessage().lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    bundle.close();
  }
}
