package org.tiedbert.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.ParameterShapes;
import org.tiedbert.text.Vocabulary;

/** A folder of google-research/bert as one of our models. */
final class GoogleModel implements ForeignModel {
  /** Google names the classes nowhere; this is what others call them then. */
  private static final String LABEL = "LABEL_";

  private static final String CLASSES = "output_bias";
  private static final int MAX_CLASSES = 1 << 20;
  private static final int MAX_LISTED = 10;
  private static final Pattern LAYER = Pattern.compile("/layer_(0|[1-9][0-9]{0,8})/");
  private static final Pattern SPECIAL = Pattern.compile("\\[.+\\]");

  private final TensorBundle bundle;
  private final BertConfig config;
  private final Vocabulary vocabulary;
  private final Optional<Labels> labels;
  private final SortedSet<String> parameters = new TreeSet<>();
  private final List<String> unknown = new ArrayList<>();

  /**
   * @param folder of the checkpoint, for messages, and where our own labels may be
   * @param prefix of the checkpoint, for messages
   * @param bundle closed by this
   */
  GoogleModel(
      Path folder, Path prefix, TensorBundle bundle, GoogleConfig config, Vocabulary vocabulary) {
    this.bundle = bundle;
    this.config =
        new BertConfig(config.encoder(), config.lowerCase().orElseGet(() -> isUncased(vocabulary)));
    this.vocabulary = vocabulary;
    Set<String> names =
        ParameterShapes.of(
                config.encoder().withNumHiddenLayers(1), EnumSet.allOf(ModelPart.class), 1)
            .keySet();
    for (String name : bundle.names()) {
      boolean known = names.contains(LAYER.matcher(name).replaceFirst("/layer_0/"));
      (known ? parameters : unknown).add(name);
    }
    requireFloats(prefix);
    this.labels = parameters.contains(CLASSES) ? Optional.of(labels(folder)) : Optional.empty();
  }

  private void requireFloats(Path prefix) {
    if (unknown.stream().anyMatch(name -> name.endsWith("/.ATTRIBUTES/VARIABLE_VALUE"))) {
      throw new InteropException(
          ("%s is an object-based checkpoint of TensorFlow 2, which does not have"
                  + " google-research/bert's names; take the model as google-research/bert released"
                  + " it, or as a Hugging Face folder")
              .formatted(prefix));
    }
    List<String> others =
        parameters.stream()
            .filter(name -> bundle.dataType(name) != DataType.DT_FLOAT)
            .map(name -> "%s is %s".formatted(name, bundle.dataType(name)))
            .limit(MAX_LISTED)
            .toList();
    if (!others.isEmpty()) {
      throw new InteropException(
          "%s must hold its parameters as %s: %s"
              .formatted(prefix, DataType.DT_FLOAT, String.join("; ", others)));
    }
  }

  private Labels labels(Path folder) {
    Shape shape = bundle.shape(CLASSES);
    long numClasses = shape.numDimensions() == 1 ? shape.size() : 0;
    if (numClasses < 1 || numClasses > MAX_CLASSES) {
      throw new InteropException(
          "%s: the classifier's %s must be of shape [classes], with 1 to %d of them; it is %s"
              .formatted(folder, CLASSES, MAX_CLASSES, shape));
    }
    Path file = folder.resolve(Labels.FILE_NAME);
    if (Files.exists(file)) {
      return Labels.read(file);
    }
    return new Labels(IntStream.range(0, (int) numClasses).mapToObj(i -> LABEL + i).toList());
  }

  /** Whether lowered text without accents can hold every token; what is in brackets is no text. */
  private static boolean isUncased(Vocabulary vocabulary) {
    return vocabulary.tokens().stream()
        .allMatch(token -> SPECIAL.matcher(token).matches() || token.equals(uncased(token)));
  }

  private static String uncased(String token) {
    return Normalizer.normalize(token, Normalizer.Form.NFD)
        .codePoints()
        .filter(character -> Character.getType(character) != Character.NON_SPACING_MARK)
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Override
  public BertConfig config() {
    return config;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public Optional<Labels> labels() {
    return labels;
  }

  @Override
  public SortedSet<String> parameters() {
    return Collections.unmodifiableSortedSet(parameters);
  }

  @Override
  public List<String> unknown() {
    return List.copyOf(unknown);
  }

  @Override
  public Shape shape(String parameter) {
    return bundle.shape(require(parameter));
  }

  @Override
  public float[] values(String parameter) {
    try {
      return bundle.floats(require(parameter));
    } catch (CheckpointException e) {
      throw new InteropException(e.getMessage(), e);
    }
  }

  private String require(String parameter) {
    if (!parameters.contains(parameter)) {
      throw new IllegalArgumentException(
          "%s is none of the %d parameters there are".formatted(parameter, parameters.size()));
    }
    return parameter;
  }

  @Override
  public void close() {
    bundle.close();
  }
}
