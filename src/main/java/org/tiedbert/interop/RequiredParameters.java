package org.tiedbert.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.ParameterShapes;

/**
 * The parameters that a model must have for what its configuration and its own names say it is: the
 * encoder, and every head of which there is any parameter, whole.
 *
 * @param parts beside the encoder
 * @param shapes of all of them, in the order in which a graph has them
 */
record RequiredParameters(Set<ModelPart> parts, Map<String, Shape> shapes) {
  private static final int MAX_LISTED = 10;

  /**
   * Those of one of our models, whose bundle may hold an optimizer's variables too.
   *
   * @throws InteropException as {@link #check} does, or if a classifier's labels are missing
   */
  static RequiredParameters of(ModelDirectory model, TensorBundle bundle) {
    EncoderConfig encoder = model.config().encoder();
    Set<ModelPart> parts = ModelPart.among(bundle.names());
    Optional<Labels> labels = model.labels();
    if (parts.contains(ModelPart.CLASSIFIER) && labels.isEmpty()) {
      throw new InteropException(
          "model %s has a classifier, so it must have a %s that names its classes"
              .formatted(model.path(), Labels.FILE_NAME));
    }
    SortedSet<String> held = new TreeSet<>(bundle.names());
    held.retainAll(ParameterShapes.of(encoder, parts, 1).keySet());
    return check(encoder, labels, held, bundle::shape, model.path());
  }

  /**
   * @param held the names of the parameters there are
   * @param labels of the classifier, if there is one
   * @param folder where they are, for messages
   * @throws InteropException listing what is missing, superfluous or of another shape
   */
  static RequiredParameters check(
      EncoderConfig config,
      Optional<Labels> labels,
      SortedSet<String> held,
      Function<String, Shape> shapeOf,
      Path folder) {
    if (config.numHiddenLayers() > held.size()) { // before a graph of so many is made
      throw new InteropException(
          "%s must have %d layers, as its configuration says; it has only %d parameters in all"
              .formatted(folder, config.numHiddenLayers(), held.size()));
    }
    Set<ModelPart> parts = ModelPart.among(held);
    int numClasses = labels.map(present -> present.names().size()).orElse(1);
    Map<String, Shape> shapes = ParameterShapes.of(config, parts, numClasses);
    List<String> problems = new ArrayList<>();
    shapes.forEach(
        (name, shape) -> {
          if (!held.contains(name)) {
            problems.add("%s %s is missing%s".formatted(name, shape, partOf(name)));
          } else if (!shapeOf.apply(name).equals(shape)) {
            problems.add("%s must be %s, it is %s".formatted(name, shape, shapeOf.apply(name)));
          }
        });
    SortedSet<String> superfluous = new TreeSet<>(held);
    superfluous.removeAll(shapes.keySet());
    superfluous.forEach(name -> problems.add("%s belongs to no layer of it".formatted(name)));
    boolean needsPooler =
        parts.contains(ModelPart.NEXT_SENTENCE) || parts.contains(ModelPart.CLASSIFIER);
    if (needsPooler && !parts.contains(ModelPart.POOLER)) {
      problems.add("its sentence-level head reads a pooler, which it does not have");
    }
    if (!problems.isEmpty()) {
      throw new InteropException(message(folder, config, problems));
    }
    return new RequiredParameters(parts, shapes);
  }

  private static String partOf(String name) {
    for (ModelPart part : ModelPart.values()) {
      if (part.holds(name)) {
        return ", though there is a part of its %s".formatted(part.inWords());
      }
    }
    return "";
  }

  private static String message(Path folder, EncoderConfig config, List<String> problems) {
    StringBuilder message = new StringBuilder();
    message.append(
        "%s is not the model of %d layers of %d hidden units that its configuration says:"
            .formatted(folder, config.numHiddenLayers(), config.hiddenSize()));
    problems.stream().limit(MAX_LISTED).forEach(problem -> message.append("\n  ").append(problem));
    if (problems.size() > MAX_LISTED) {
      message.append("\n  and %d more".formatted(problems.size() - MAX_LISTED));
    }
    return message.toString();
  }
}
