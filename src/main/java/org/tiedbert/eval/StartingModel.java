package org.tiedbert.eval;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.eval.FineTuningConfig.Weights;
import org.tiedbert.model.ModelPart;
import org.tiedbert.train.Variable;

/**
 * The model that fine-tuning starts from: its encoder, its pooler where it has one, and its
 * classifier where that was trained on the same labels.
 */
final class StartingModel {
  private final ModelDirectory model;
  private final Weights weights;

  StartingModel(ModelDirectory model, Weights weights) {
    this.model = model;
    this.weights = weights;
  }

  /**
   * For each of a graph's parameters that the model has, its name there; others start afresh.
   *
   * @throws CheckpointException if the encoder lacks one, or one has another shape
   */
  Map<String, String> sources(Map<String, Variable> variables, Set<String> parameters, Task task) {
    Map<String, String> sources = new LinkedHashMap<>();
    if (weights == Weights.UNTRAINED) {
      return sources;
    }
    Set<ModelPart> taken = taken(task);
    try (TensorBundle bundle = TensorBundle.open(model.prefix())) {
      for (String name : parameters) {
        if (isTaken(name, taken)) {
          requireShape(bundle, name, variables.get(name).shape());
          sources.put(name, name);
        }
      }
    }
    return sources;
  }

  /** What is taken and what is new, in a line. */
  String description(Task task) {
    if (weights == Weights.UNTRAINED) {
      return "starts untrained, in the shape of %s".formatted(model.path());
    }
    List<String> fresh = new ArrayList<>();
    Set<ModelPart> taken = taken(task);
    for (ModelPart part : List.of(ModelPart.POOLER, ModelPart.CLASSIFIER)) {
      if (!taken.contains(part)) {
        fresh.add(part.inWords());
      }
    }
    return "starts from %s%s"
        .formatted(
            model.path(),
            fresh.isEmpty()
                ? ""
                : fresh.stream().collect(Collectors.joining(" and ", "; new: ", "")));
  }

  private Set<ModelPart> taken(Task task) {
    Set<ModelPart> taken = EnumSet.noneOf(ModelPart.class);
    Set<ModelPart> there = model.parts();
    if (there.contains(ModelPart.POOLER)) {
      taken.add(ModelPart.POOLER);
    }
    boolean sameLabels =
        model.labels().map(labels -> labels.equals(task.output().labels())).orElse(false);
    if (there.contains(ModelPart.CLASSIFIER) && sameLabels) {
      taken.add(ModelPart.CLASSIFIER);
    }
    return taken;
  }

  private static boolean isTaken(String parameter, Set<ModelPart> taken) {
    for (ModelPart part : ModelPart.values()) {
      if (part.holds(parameter)) {
        return taken.contains(part);
      }
    }
    return true; // the encoder's
  }

  private void requireShape(TensorBundle bundle, String name, Shape shape) {
    if (!bundle.names().contains(name) || !bundle.shape(name).equals(shape)) {
      throw new CheckpointException(
          "%s must hold %s with shape %s, it has %s"
              .formatted(
                  model.prefix(),
                  name,
                  shape,
                  bundle.names().contains(name) ? bundle.shape(name) : "none"));
    }
  }
}
