package org.tiedbert.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.export.LoadedModel.Function;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/**
 * Text into vectors, masks into words and texts into classes, through a SavedModel that has the
 * {@link Signatures} which {@link SavedModelExport} writes. The graph makes tokens of the text;
 * nothing but the folder is read. Texts of similar length share a run, so many at once are faster
 * than one by one.
 *
 * <p>Safe for use by several threads; close it.
 */
public final class SavedModelEncoder implements AutoCloseable {
  /** Some 4,096 tokens: 32 texts of 128. */
  private static final int MAX_BYTES_PER_RUN = 16_384;

  /** Less, as each mask takes numbers for the whole vocabulary. */
  private static final int MAX_BYTES_PER_MASKED_RUN = 4_096;

  private static final List<String> ONE_TEXT = List.of(Signatures.TEXT);
  private static final List<String> TWO_TEXTS = List.of(Signatures.TEXT, Signatures.TEXT_PAIR);
  private static final List<String> MASKED_TEXT = List.of(Signatures.TEXT, Signatures.TOP_K);
  private static final List<String> EMBEDDING = List.of(Signatures.EMBEDDING);
  private static final List<String> PREDICTIONS =
      List.of(Signatures.TEXT_INDEX, Signatures.TOKENS, Signatures.SCORES);
  private static final List<String> CLASSES = List.of(Signatures.LABELS, Signatures.SCORES);

  private final LoadedModel model;

  /**
   * Loads a SavedModel.
   *
   * @throws InputException if the folder is no SavedModel, or is damaged
   */
  public static SavedModelEncoder load(Path directory) {
    return new SavedModelEncoder(LoadedModel.load(directory));
  }

  private SavedModelEncoder(LoadedModel model) {
    this.model = model;
  }

  /**
   * Size of the embeddings.
   *
   * @throws InputException if the model makes none
   */
  public int hiddenSize() {
    OptionalInt size = model.lastDimension(Signatures.EMBED, Signatures.EMBEDDING);
    return size.isPresent() ? size.getAsInt() : embed(List.of(""))[0].length;
  }

  /**
   * Tokens that the model reads of a text at most, [CLS] and [SEP] included.
   *
   * @throws InputException if the folder does not say, not being of our making
   */
  public int maxSeqLength() {
    return BertConfig.read(model.asset(BertConfig.FILE_NAME)).encoder().maxPositionEmbeddings();
  }

  /**
   * Reads the model's vocabulary.
   *
   * @throws InputException if the folder holds none, not being of our making
   */
  public Vocabulary vocabulary() {
    return Vocabulary.read(model.asset(Vocabulary.FILE_NAME));
  }

  /**
   * The mean of each text's last hidden states, those of [CLS] and [SEP] among them. What a text
   * has beyond the model's longest sequence is left out.
   *
   * @return for each text, in order, {@link #hiddenSize()} numbers
   * @throws InputException if the model makes no embeddings
   */
  public float[][] embed(List<String> texts) {
    float[][] embeddings = new float[texts.size()][];
    TextBatches batches = new TextBatches(List.of(texts));
    run(
        embedding(),
        batches,
        MAX_BYTES_PER_RUN,
        List.of(),
        (rows, result) -> {
          float[] values = floats(result.get(0)); // [N, H]
          int size = values.length / rows.size();
          for (int i = 0; i < rows.size(); i++) {
            embeddings[rows.get(i)] = Arrays.copyOfRange(values, i * size, (i + 1) * size);
          }
        });
    return embeddings;
  }

  /** {@link #fillMask(List, int)} of one text. */
  public List<List<Prediction>> fillMask(String text, int topK) {
    return fillMask(List.of(text), topK).get(0);
  }

  /**
   * What the model would put in place of each {@code [MASK]} in each text.
   *
   * @param topK how many tokens for each mask, from 1 to the size of the vocabulary
   * @return for each text, in order, for each mask, in reading order, the most probable tokens, the
   *     best first
   * @throws InputException if a text holds no [MASK], or has one beyond what the model reads, or if
   *     the model has no masked-language-model head
   */
  public List<List<List<Prediction>>> fillMask(List<String> texts, int topK) {
    Function function =
        model.function("fill masks", List.of(Signatures.FILL_MASK), MASKED_TEXT, PREDICTIONS);
    requireInVocabulary(topK);
    List<MaskedText> masked = texts.stream().map(MaskedText::new).toList();
    List<List<List<Prediction>>> predictions =
        texts.stream().<List<List<Prediction>>>map(text -> new ArrayList<>()).toList();
    try (TInt32 k = TInt32.scalarOf(topK)) {
      run(
          function,
          new TextBatches(List.of(texts)),
          MAX_BYTES_PER_MASKED_RUN,
          List.of(k),
          (rows, result) -> addPredictions(rows, result, topK, masked, predictions));
    }
    for (int i = 0; i < masked.size(); i++) {
      masked.get(i).requireAll(predictions.get(i).size());
    }
    return predictions;
  }

  private static void addPredictions(
      List<Integer> rows,
      Result result,
      int topK,
      List<MaskedText> masked,
      List<List<List<Prediction>>> predictions) {
    TInt32 textIndex = (TInt32) result.get(0); // [M]
    TString tokens = (TString) result.get(1); // [M, K]
    TFloat32 scores = (TFloat32) result.get(2); // [M, K]
    for (int m = 0; m < textIndex.size(); m++) {
      int row = rows.get(textIndex.getInt(m));
      int mask = predictions.get(row).size();
      List<Prediction> best = new ArrayList<>();
      for (int k = 0; k < topK; k++) {
        best.add(masked.get(row).prediction(mask, tokens.getObject(m, k), scores.getFloat(m, k)));
      }
      predictions.get(row).add(List.copyOf(best));
    }
  }

  /**
   * What the model's classifier says of each text.
   *
   * @return for each text, in order, every label, the most probable first
   * @throws InputException if the model has no classifier
   */
  public List<List<Classification>> classify(List<String> texts) {
    return classes(
        model.function("classify", List.of(Signatures.CLASSIFY), ONE_TEXT, CLASSES),
        List.of(texts));
  }

  /**
   * What the model's classifier says of each pair of a text and the one at the same place in {@code
   * pairs}; as {@link #classify(List)}.
   */
  public List<List<Classification>> classify(List<String> texts, List<String> pairs) {
    if (texts.size() != pairs.size()) {
      throw new IllegalArgumentException(
          "there must be as many second texts as first ones, got %d and %d"
              .formatted(pairs.size(), texts.size()));
    }
    return classes(
        model.function("classify pairs", List.of(Signatures.CLASSIFY_PAIR), TWO_TEXTS, CLASSES),
        List.of(texts, pairs));
  }

  private List<List<Classification>> classes(Function function, List<List<String>> columns) {
    List<List<Classification>> classes =
        new ArrayList<>(Collections.nCopies(columns.get(0).size(), List.of()));
    run(
        function,
        new TextBatches(columns),
        MAX_BYTES_PER_RUN,
        List.of(),
        (rows, result) -> {
          for (int i = 0; i < rows.size(); i++) {
            classes.set(rows.get(i), classes((TString) result.get(0), (TFloat32) result.get(1), i));
          }
        });
    return List.copyOf(classes);
  }

  private static List<Classification> classes(TString labels, TFloat32 scores, int row) {
    List<Classification> classes = new ArrayList<>();
    for (int c = 0; c < labels.shape().get(1); c++) {
      classes.add(new Classification(labels.getObject(row, c), scores.getFloat(row, c)));
    }
    classes.sort(Comparator.comparingDouble(Classification::score).reversed());
    return List.copyOf(classes);
  }

  private Function embedding() {
    return model.function(
        "embed text", List.of(Signatures.EMBED, Signatures.SERVING_DEFAULT), ONE_TEXT, EMBEDDING);
  }

  private void requireInVocabulary(int topK) {
    int most = model.lastDimension(Signatures.MASK_LOGITS, Signatures.LOGITS).orElse(topK);
    if (topK < 1 || topK > most) {
      throw new IllegalArgumentException(
          "topK must lie between 1 and the vocabulary's %d, got %d".formatted(most, topK));
    }
  }

  /** Runs all texts and hands on what comes out with the indices of its texts. */
  private void run(
      Function function,
      TextBatches texts,
      int maxBytes,
      List<? extends Tensor> further,
      BiConsumer<List<Integer>, Result> consumer) {
    for (List<Integer> rows : texts.runs(maxBytes)) {
      List<TString> columns = texts.tensors(rows);
      try (Result result =
          model.run(function, Stream.concat(columns.stream(), further.stream()).toList())) {
        consumer.accept(rows, result);
      } finally {
        columns.forEach(Tensor::close);
      }
    }
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    ((TFloat32) tensor).copyTo(DataBuffers.of(values));
    return values;
  }

  @Override
  public void close() {
    model.close();
  }
}
