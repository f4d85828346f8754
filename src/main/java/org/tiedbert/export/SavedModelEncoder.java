package org.tiedbert.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/**
 * Text into vectors, and masks into words, through a SavedModel that {@link SavedModelExport}
 * wrote; nothing but its folder is read. Safe for use by several threads; close it.
 */
public final class SavedModelEncoder implements AutoCloseable {
  /** Bounds the memory of one run; sequences of 128 tokens go through 32 at a time. */
  private static final int MAX_TOKENS_PER_RUN = 4096;

  private final Path directory;
  private final BertConfig config;
  private final Vocabulary vocabulary;
  private final SavedModelBundle bundle;
  private final BertTokenizer tokenizer;
  private final BertTokenizer maskTokenizer;

  /**
   * Loads a SavedModel.
   *
   * @throws InputException if the folder is no SavedModel, or none of ours, or is damaged
   */
  public static SavedModelEncoder load(Path directory) {
    Path graph = directory.resolve(SavedModelExport.GRAPH);
    Path assets = directory.resolve(SavedModelExport.ASSETS);
    if (!Files.isRegularFile(graph)) {
      throw new InputException("no SavedModel at %s: %s is missing".formatted(directory, graph));
    }
    if (!Files.isDirectory(assets)) {
      throw new InputException(
          "SavedModel %s was not made by tiedbert export: %s, which says how text becomes its token"
                  .formatted(directory, assets)
              + " ids, is missing");
    }
    // TensorFlow loads a model without parameters and fails at the first call
    TensorBundle.open(directory.resolve(SavedModelExport.VARIABLES)).close();
    return new SavedModelEncoder(
        directory,
        BertConfig.read(assets.resolve(BertConfig.FILE_NAME)),
        Vocabulary.read(assets.resolve(SavedModelExport.VOCABULARY)));
  }

  private SavedModelEncoder(Path directory, BertConfig config, Vocabulary vocabulary) {
    this.directory = directory;
    this.config = config;
    this.vocabulary = vocabulary;
    this.tokenizer = new BertTokenizer(vocabulary, config.lowerCase());
    this.maskTokenizer = BertTokenizer.recognizingSpecialTokens(vocabulary, config.lowerCase());
    try {
      this.bundle = SavedModelBundle.load(directory.toString(), ServingGraph.TAG);
    } catch (TensorFlowException e) {
      tokenizer.close();
      maskTokenizer.close();
      throw new InputException(
          "SavedModel %s cannot be loaded: %s".formatted(directory, e.getMessage()), e);
    }
  }

  /** Size of the embeddings. */
  public int hiddenSize() {
    return config.encoder().hiddenSize();
  }

  /** Tokens that the model reads of a text at most, [CLS] and [SEP] included. */
  public int maxSeqLength() {
    return config.encoder().maxPositionEmbeddings();
  }

  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /**
   * The mean of each text's last hidden states, those of [CLS] and [SEP] among them. What a text
   * has beyond {@link #maxSeqLength()} tokens is left out. Texts of similar length share a run, so
   * many at once are faster than one by one.
   *
   * @return for each text, in order, {@link #hiddenSize()} numbers
   */
  public float[][] embed(List<String> texts) {
    List<int[]> sequences = texts.stream().map(text -> sequence(tokenizer, text, true)).toList();
    List<Integer> byLength =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> sequences.get(i).length))
            .toList();
    float[][] embeddings = new float[texts.size()][];
    for (int start = 0; start < byLength.size(); ) {
      int end = endOfRun(sequences, byLength, start);
      List<Integer> run = byLength.subList(start, end);
      List<float[]> means = means(run.stream().map(sequences::get).toList());
      for (int i = 0; i < means.size(); i++) {
        embeddings[run.get(i)] = means.get(i);
      }
      start = end;
    }
    return embeddings;
  }

  /**
   * What the model would put in place of each {@code [MASK]} in a text.
   *
   * @param topK how many tokens for each mask, from 1 to the size of the vocabulary
   * @return for each mask, in reading order, the most probable tokens, the best first
   * @throws InputException if the text holds no [MASK] or has more than {@link #maxSeqLength()}
   *     tokens
   */
  public List<List<Prediction>> fillMask(String text, int topK) {
    if (topK < 1 || topK > vocabulary.size()) {
      throw new IllegalArgumentException(
          "topK must lie between 1 and the vocabulary's %d, got %d"
              .formatted(vocabulary.size(), topK));
    }
    MaskedText masked = new MaskedText(text, vocabulary);
    List<float[]> logits = logits(sequence(maskTokenizer, text, false));
    if (logits.size() != masked.numMasks()) {
      throw new IllegalStateException(
          "'%s' holds %d masks, the model saw %d"
              .formatted(text, masked.numMasks(), logits.size()));
    }
    return IntStream.range(0, logits.size())
        .mapToObj(mask -> masked.predictions(mask, logits.get(mask), topK))
        .toList();
  }

  /** [CLS] text [SEP]. */
  private int[] sequence(BertTokenizer tokenizer, String text, boolean truncate) {
    int[] ids = tokenizer.encode(text);
    int numTokens = Math.min(ids.length, maxSeqLength() - 2);
    if (numTokens < ids.length && !truncate) {
      throw new InputException(
          "a text with masks must have at most %d tokens, this one has %d: '%s'"
              .formatted(maxSeqLength() - 2, ids.length, text));
    }
    int[] sequence = new int[numTokens + 2];
    sequence[0] = vocabulary.clsId();
    System.arraycopy(ids, 0, sequence, 1, numTokens);
    sequence[numTokens + 1] = vocabulary.sepId();
    return sequence;
  }

  /** The place after the last of the sequences that start a run together. */
  private static int endOfRun(List<int[]> sequences, List<Integer> byLength, int start) {
    int end = start + 1;
    while (end < byLength.size()
        && (end + 1 - start) * sequences.get(byLength.get(end)).length <= MAX_TOKENS_PER_RUN) {
      end++;
    }
    return end;
  }

  private List<float[]> means(List<int[]> sequences) {
    try (PaddedBatch batch = new PaddedBatch(sequences, vocabulary.padId());
        Result result = run(batch, Signatures.ENCODE, Signatures.LAST_HIDDEN_STATE)) {
      TFloat32 states = (TFloat32) result.get(0); // [N, S, H]
      float[] values = values(states);
      int rowSize = (int) (states.shape().get(1) * states.shape().get(2));
      List<float[]> means = new ArrayList<>();
      for (int row = 0; row < sequences.size(); row++) {
        means.add(mean(values, row * rowSize, sequences.get(row).length));
      }
      return means;
    }
  }

  private float[] mean(float[] states, int start, int numTokens) {
    float[] mean = new float[hiddenSize()];
    for (int h = 0; h < mean.length; h++) {
      double sum = 0;
      for (int token = 0; token < numTokens; token++) {
        sum += states[start + token * mean.length + h];
      }
      mean[h] = (float) (sum / numTokens);
    }
    return mean;
  }

  /** For each mask the logits of the vocabulary. */
  private List<float[]> logits(int[] ids) {
    try (PaddedBatch batch = new PaddedBatch(List.of(ids), vocabulary.padId());
        Result result = run(batch, Signatures.FILL_MASK, Signatures.LOGITS)) {
      float[] values = values((TFloat32) result.get(0)); // [M, V]
      return IntStream.range(0, values.length / vocabulary.size())
          .mapToObj(mask -> mask * vocabulary.size())
          .map(start -> Arrays.copyOfRange(values, start, start + vocabulary.size()))
          .toList();
    }
  }

  private Result run(PaddedBatch batch, String name, String output) {
    SignatureDef signature = bundle.metaGraphDef().getSignatureDefMap().get(name);
    if (signature == null) {
      throw new InputException("SavedModel %s has no signature %s".formatted(directory, name));
    }
    Session.Runner runner = batch.feed(bundle.session().runner(), signature);
    return runner.fetch(signature.getOutputsOrThrow(output).getName()).run();
  }

  private static float[] values(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    FloatDataBuffer buffer = DataBuffers.of(values);
    tensor.copyTo(buffer);
    return values;
  }

  @Override
  public void close() {
    bundle.close();
    tokenizer.close();
    maskTokenizer.close();
  }
}
