package org.tiedbert.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
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
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.checkpoint.TensorBundleWriter;
import org.tiedbert.checkpoint.WholeDirectory;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.ParameterShapes;
import org.tiedbert.text.Vocabulary;

/**
 * A folder of google-research/bert: {@code bert_model.ckpt.*}, {@code bert_config.json} and {@code
 * vocab.txt}. Its variables have the names and the layout of our parameters.
 *
 * <p>Such a folder does not say whether its text is lowered. It is taken to be so if there is no
 * token that lowered text without accents could not hold, special ones apart; a capital or an
 * accent is enough to show the opposite.
 */
public final class GoogleBert implements ForeignModel {
  static final String VOCABULARY = "vocab.txt";

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
   * Opens a released or fine-tuned model.
   *
   * @throws InteropException if the folder is none of google-research/bert, or holds a model that
   *     there is none of here
   * @throws org.tiedbert.text.InputException if its checkpoint or vocabulary is damaged
   */
  public static ForeignModel open(Path folder) {
    Path prefix = GoogleCheckpoint.in(folder);
    GoogleConfig config = GoogleConfig.read(folder.resolve(GoogleConfig.FILE_NAME));
    Vocabulary vocabulary = Vocabulary.read(folder.resolve(VOCABULARY));
    if (vocabulary.size() != config.encoder().vocabSize()) {
      throw new InteropException(
          "%s: %s must have vocab_size=%d tokens, as %s says; it has %d. For rows that no token has, add lines [unused0], [unused1] and so on"
              .formatted(
                  folder,
                  VOCABULARY,
                  config.encoder().vocabSize(),
                  GoogleConfig.FILE_NAME,
                  vocabulary.size()));
    }
    TensorBundle bundle = TensorBundle.open(prefix);
    try {
      return new GoogleBert(folder, prefix, bundle, config, vocabulary);
    } catch (RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  private GoogleBert(
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

  /**
   * Writes a model as google-research/bert names and lays it out, whole or not at all: all its
   * parameters, nothing of its training. Labels go into a file that Google's code does not read.
   *
   * @param folder to be made
   * @throws InteropException if there is something at {@code folder}, or it cannot be written
   * @throws org.tiedbert.text.InputException if the model is damaged
   */
  public static void write(ModelDirectory model, Path folder) {
    EncoderConfig encoder = model.config().encoder();
    Optional<Labels> labels = model.labels();
    try (TensorBundle bundle = TensorBundle.open(model.prefix())) {
      SortedSet<String> held = new TreeSet<>(bundle.names());
      held.retainAll(ParameterShapes.of(encoder, model.parts(), 1).keySet());
      RequiredParameters required =
          RequiredParameters.check(encoder, labels, held, bundle::shape, model.path());
      WholeDirectory.write(
          folder,
          directory -> {
            new TensorBundleWriter(required.shapes(), bundle::floats)
                .write(directory.resolve(GoogleCheckpoint.RELEASED));
            Files.write(directory.resolve(GoogleConfig.FILE_NAME), GoogleConfig.bytes(encoder));
            Files.write(directory.resolve(VOCABULARY), model.vocabulary().bytes());
            if (labels.isPresent()) {
              Files.write(directory.resolve(Labels.FILE_NAME), labels.get().bytes());
            }
          });
    } catch (FileAlreadyExistsException e) {
      throw new InteropException(
          "%s exists; name another folder, or delete this one".formatted(folder), e);
    } catch (IOException | UncheckedIOException e) {
      throw new InteropException(
          "%s could not be written, no part of it stays: %s".formatted(folder, e), e);
    }
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
  static boolean isUncased(Vocabulary vocabulary) {
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
