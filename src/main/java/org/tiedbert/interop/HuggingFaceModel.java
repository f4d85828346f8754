package org.tiedbert.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ModelPart;
import org.tiedbert.text.Vocabulary;

/** A folder of {@code transformers} as one of our models. */
final class HuggingFaceModel implements ForeignModel {
  private static final String CLASSIFIER_WEIGHTS = "output_weights";

  private final Path folder;
  private final HuggingFaceConfig config;
  private final SafetensorsFolder tensors;
  private final TreeMap<String, String> theirsByOurs = new TreeMap<>();
  private final List<String> unknown;
  private final BertConfig bertConfig;
  private final Vocabulary vocabulary;
  private final Optional<Labels> labels;

  /**
   * @param tensors closed by this
   */
  HuggingFaceModel(Path folder, HuggingFaceConfig config, SafetensorsFolder tensors) {
    this.folder = folder;
    this.config = config;
    this.tensors = tensors;
    HuggingFaceNames names = new HuggingFaceNames(config.encoder(), partsToLookFor());
    this.unknown = findParameters(names);
    requireWordEmbeddings();
    requireMatrices();
    this.labels = readLabels();
    HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.read(folder);
    this.vocabulary = tokenizer.paddedTo(folder, config.encoder().vocabSize());
    this.bertConfig = new BertConfig(config.encoder(), tokenizer.lowerCase());
  }

  /** A classifier of another architecture stands on something else than the pooled first token. */
  private Set<ModelPart> partsToLookFor() {
    Set<ModelPart> parts = EnumSet.allOf(ModelPart.class);
    if (!config.classifiesSentences()) {
      parts.remove(ModelPart.CLASSIFIER);
    }
    return parts;
  }

  /**
   * Finds each parameter's tensor; where there are several, they must be copies of one another.
   *
   * @return their names of what is no parameter
   */
  private List<String> findParameters(HuggingFaceNames names) {
    List<String> others = new ArrayList<>();
    for (String theirs : tensors.names()) {
      Optional<String> ours = names.ours(theirs);
      if (ours.isEmpty() && !HuggingFaceNames.isRedundant(theirs)) {
        others.add(theirs);
      }
      ours.ifPresent(parameter -> theirsByOurs.merge(parameter, theirs, this::requireEqual));
    }
    return List.copyOf(others);
  }

  private String requireEqual(String first, String second) {
    if (tensors.areEqual(first, second)) {
      return first;
    }
    String why =
        (first + second).contains(".decoder.")
            ? "the masked-LM head's output is tied to the word embeddings here, and a model with"
                + " one of its own cannot be taken over"
            : "delete the one that is not the model's";
    throw new InteropException(
        "%s holds %s and %s, which differ and must be one parameter: %s"
            .formatted(folder, first, second, why));
  }

  /** They bound what the vocabulary is padded to. */
  private void requireWordEmbeddings() {
    String theirs = theirsByOurs.get(HuggingFaceNames.WORD_EMBEDDINGS);
    if (theirs == null) {
      throw new InteropException(
          "%s holds no %s, it is no BERT; it holds %s"
              .formatted(
                  folder,
                  HuggingFaceNames.of(HuggingFaceNames.WORD_EMBEDDINGS),
                  SafetensorsFolder.some(tensors.names())));
    }
    EncoderConfig encoder = config.encoder();
    Shape needed = Shape.of(encoder.vocabSize(), encoder.hiddenSize());
    if (!tensors.shape(theirs).equals(needed)) {
      throw new InteropException(
          "%s: %s has shape %s, by vocab_size and hidden_size of %s it must be %s"
              .formatted(
                  folder, theirs, tensors.shape(theirs), HuggingFaceConfig.FILE_NAME, needed));
    }
  }

  private void requireMatrices() {
    theirsByOurs.forEach(
        (ours, theirs) -> {
          if (HuggingFaceNames.isTransposed(ours) && tensors.shape(theirs).numDimensions() != 2) {
            throw new InteropException(
                "%s: %s must have two dimensions, its shape is %s"
                    .formatted(folder, theirs, tensors.shape(theirs)));
          }
        });
  }

  private static Shape reversed(Shape matrix) {
    return Shape.of(matrix.get(1), matrix.get(0));
  }

  private Optional<Labels> readLabels() {
    if (!theirsByOurs.containsKey(CLASSIFIER_WEIGHTS)) {
      return Optional.empty();
    }
    Shape shape = tensors.shape(theirs(CLASSIFIER_WEIGHTS));
    long numClasses = shape.numDimensions() == 2 ? shape.get(0) : 0;
    if (numClasses < 1 || numClasses > Integer.MAX_VALUE) {
      throw new InteropException(
          "%s: %s must be [outputs, hidden_size], its shape is %s"
              .formatted(folder, theirs(CLASSIFIER_WEIGHTS), shape));
    }
    return Optional.of(config.labels((int) numClasses));
  }

  @Override
  public BertConfig config() {
    return bertConfig;
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
    return Collections.unmodifiableSortedSet(theirsByOurs.navigableKeySet());
  }

  @Override
  public List<String> unknown() {
    return unknown;
  }

  @Override
  public Shape shape(String parameter) {
    Shape shape = tensors.shape(theirs(parameter));
    return HuggingFaceNames.isTransposed(parameter) ? reversed(shape) : shape;
  }

  @Override
  public float[] values(String parameter) {
    float[] values = tensors.floats(theirs(parameter));
    if (!HuggingFaceNames.isTransposed(parameter)) {
      return values;
    }
    Shape shape = shape(parameter); // ours: [inputs, outputs]
    return HuggingFaceNames.transposed(values, (int) shape.get(1), (int) shape.get(0));
  }

  private String theirs(String parameter) {
    String theirs = theirsByOurs.get(parameter);
    if (theirs == null) {
      throw new IllegalArgumentException("%s holds no parameter %s".formatted(folder, parameter));
    }
    return theirs;
  }

  @Override
  public void close() {
    tensors.close();
  }
}
