package org.tiedbert.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.corpus.ShardManifest;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.ParameterShapes;
import org.tiedbert.stage.Stage;
import org.tiedbert.text.Vocabulary;

/**
 * The model that a new run's parameters start from, be it one of ours or an imported one. Its
 * encoder is taken as a whole, and of its pooler and pre-training heads what the run has too; heads
 * that it lacks start afresh, and so do the optimizer's moments.
 */
final class InitialModel {
  private final ModelDirectory model;
  private final Set<ModelPart> taken;
  private final Set<ModelPart> fresh;
  private final Set<ModelPart> leftOut;

  private InitialModel(ModelDirectory model, Set<ModelPart> needed) {
    Set<ModelPart> there = model.parts();
    this.model = model;
    this.taken = intersection(needed, there);
    this.fresh = difference(needed, there);
    this.leftOut = difference(there, needed);
  }

  /**
   * Opens the model and checks it against the first stage and the text.
   *
   * @param damaged told of each newer checkpoint of a run that is passed over
   * @throws MisfitException with all that does not fit
   * @throws CheckpointException if there is no such model, or it is damaged
   */
  static InitialModel open(
      Path directory,
      PreTrainingConfig config,
      Vocabulary vocabulary,
      ShardManifest shards,
      Consumer<CheckpointException> damaged) {
    ModelDirectory model = ModelDirectory.open(directory, damaged);
    List<String> problems = problems(model, config, vocabulary, shards);
    if (!problems.isEmpty()) {
      throw new MisfitException(
          "the run cannot start from the model in %s:%n  %s"
              .formatted(model.path(), String.join("%n  ".formatted(), problems)));
    }
    Set<ModelPart> needed = EnumSet.of(ModelPart.POOLER, ModelPart.MASKED_LANGUAGE_MODEL);
    if (config.loss().nextSentence()) {
      needed.add(ModelPart.NEXT_SENTENCE);
    }
    InitialModel initial = new InitialModel(model, needed);
    initial.requireParameters();
    return initial;
  }

  /** What is taken from where, in a line. */
  String description() {
    StringBuilder line = new StringBuilder("starts from %s".formatted(model.path()));
    if (!fresh.isEmpty()) {
      line.append(", which has no %s: new there".formatted(names(fresh)));
    }
    if (!leftOut.isEmpty()) {
      line.append("; its %s is left out".formatted(names(leftOut)));
    }
    return line.toString();
  }

  /** The bundle that holds the parameters. */
  Path prefix() {
    return model.prefix();
  }

  /** Of a graph's variables those that the model has values for, each under its name there. */
  Map<String, String> sources(Collection<String> variables) {
    Map<String, String> sources = new LinkedHashMap<>();
    Set<String> there = shapes().keySet();
    variables.stream().filter(there::contains).forEach(name -> sources.put(name, name));
    return sources;
  }

  private Map<String, Shape> shapes() {
    return ParameterShapes.of(model.config().encoder(), taken, 0);
  }

  /**
   * All parameters of the encoder and of the parts there are, in the shape of the configuration.
   */
  private void requireParameters() {
    try (TensorBundle bundle = TensorBundle.open(model.prefix())) {
      shapes()
          .forEach(
              (name, shape) -> {
                if (!bundle.shape(name).equals(shape)) {
                  throw new CheckpointException(
                      "%s must hold %s with shape %s, it has %s"
                          .formatted(model.prefix(), name, shape, bundle.shape(name)));
                }
              });
    }
  }

  private static List<String> problems(
      ModelDirectory model, PreTrainingConfig config, Vocabulary vocabulary, ShardManifest shards) {
    List<String> problems = new ArrayList<>();
    EncoderConfig there = model.config().encoder();
    EncoderConfig here = config.model();
    compare(problems, "vocabSize", here.vocabSize(), there.vocabSize());
    compare(
        problems,
        "maxPositionEmbeddings",
        here.maxPositionEmbeddings(),
        there.maxPositionEmbeddings());
    compare(problems, "typeVocabSize", here.typeVocabSize(), there.typeVocabSize());
    compare(problems, "hiddenSize", here.hiddenSize(), there.hiddenSize());
    compare(problems, "numAttentionHeads", here.numAttentionHeads(), there.numAttentionHeads());
    compare(problems, "intermediateSize", here.intermediateSize(), there.intermediateSize());
    Stage first =
        config.stages().build(here.numHiddenLayers(), config.learningRate()).stages().get(0);
    if (first.numLayers() != there.numHiddenLayers()) {
      problems.add(
          "the first stage must have the model's %d layers, it has %d of model.numHiddenLayers=%d;"
                  .formatted(there.numHiddenLayers(), first.numLayers(), here.numHiddenLayers())
              + " train the model as it is with stages.kind=plain, or let it grow on to more");
    }
    if (!model.vocabulary().digest().equals(vocabulary.digest())) {
      problems.add(
          "data.shards must be made with the model's own vocabulary: prepare --vocab %s"
              .formatted(model.file(Vocabulary.FILE_NAME)));
    } else if (model.config().lowerCase() != shards.lowerCase()) {
      problems.add(
          "data.shards must hold %s text, as the model reads, not %s; prepare them %s"
              .formatted(
                  cased(model.config().lowerCase()),
                  cased(shards.lowerCase()),
                  model.config().lowerCase() ? "without --cased" : "with --cased"));
    }
    return problems;
  }

  private static void compare(List<String> problems, String name, int here, int there) {
    if (here != there) {
      problems.add("model.%s must be the model's %d, got %d".formatted(name, there, here));
    }
  }

  private static String cased(boolean lowerCase) {
    return lowerCase ? "uncased" : "cased";
  }

  private static String names(Set<ModelPart> parts) {
    return parts.stream().map(ModelPart::inWords).collect(Collectors.joining(" and "));
  }

  private static Set<ModelPart> intersection(Set<ModelPart> a, Set<ModelPart> b) {
    Set<ModelPart> both = new TreeSet<>(a);
    both.retainAll(b);
    return both;
  }

  private static Set<ModelPart> difference(Set<ModelPart> a, Set<ModelPart> b) {
    Set<ModelPart> rest = new TreeSet<>(a);
    rest.removeAll(b);
    return rest;
  }
}
