package org.tiedbert.analysis;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.Vocabulary;

/**
 * What every layer of a model makes of texts. Layer 0 is the embeddings' output, after its
 * LayerNorm; layer l is the output of the l-th encoder layer. A text is {@code [CLS] text [SEP]},
 * cut to the longest sequence that the model reads. Holds native memory until closed; for one
 * thread at a time.
 */
public final class LayerFeatures implements AutoCloseable {
  private static final int ROWS_AT_ONCE = 32;

  private final EncoderConfig config;
  private final Vocabulary vocabulary;
  private final BertTokenizer tokenizer;
  private final BertTokenizer promptTokenizer;
  private final LayerGraph graph;
  private long numTruncated;

  private LayerFeatures(ModelDirectory model, EngineConfig engine) {
    config = model.config().encoder();
    vocabulary = model.vocabulary();
    graph = new LayerGraph(model, engine);
    tokenizer = new BertTokenizer(vocabulary, model.config().lowerCase());
    promptTokenizer =
        BertTokenizer.recognizingSpecialTokens(vocabulary, model.config().lowerCase());
  }

  /**
   * Opens a run, a checkpoint or an imported model.
   *
   * @param damaged told of each newer checkpoint of a run that is passed over
   * @throws CheckpointException if there is no such model, or it is damaged
   */
  public static LayerFeatures open(
      Path model, EngineConfig engine, Consumer<CheckpointException> damaged) {
    return new LayerFeatures(ModelDirectory.open(model, damaged), engine);
  }

  /** L, without the embeddings. */
  public int numLayers() {
    return config.numHiddenLayers();
  }

  /** N, of each layer. */
  public int numHeads() {
    return config.numAttentionHeads();
  }

  /** H. */
  public int hiddenSize() {
    return config.hiddenSize();
  }

  /** How many of the texts seen so far had more tokens than the model reads. */
  public long numTruncated() {
    return numTruncated;
  }

  /** The longest sequence that the model reads, in tokens. */
  public int maxSeqLength() {
    return config.maxPositionEmbeddings();
  }

  /**
   * Sentence-level features, as the tie of pre-training takes them at level {@code sentence}: the
   * mean of a text's hidden states over all its tokens, [CLS] and [SEP] among them, padding not.
   *
   * @param progress told after each batch how many texts are done
   * @return float32 [L + 1][texts][H], in the order of the texts
   */
  public float[][][] sentences(List<String> texts, LongConsumer progress) {
    List<int[]> sequences = texts.stream().map(text -> sequence(text, tokenizer)).toList();
    int[] byLength =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> sequences.get(i).length))
            .mapToInt(Integer::intValue)
            .toArray();
    float[][][] features = new float[numLayers() + 1][texts.size()][];
    for (int from = 0; from < byLength.length; from += ROWS_AT_ONCE) {
      int[] rows =
          Arrays.copyOfRange(byLength, from, Math.min(byLength.length, from + ROWS_AT_ONCE));
      List<int[]> batch = Arrays.stream(rows).mapToObj(sequences::get).toList();
      float[] values = graph.sentences(batch, vocabulary.padId());
      for (int layer = 0; layer < features.length; layer++) {
        for (int i = 0; i < rows.length; i++) {
          int start = (layer * rows.length + i) * hiddenSize();
          features[layer][rows[i]] = Arrays.copyOfRange(values, start, start + hiddenSize());
        }
      }
      progress.accept(from + rows.length);
    }
    return features;
  }

  /**
   * A text's tokens and what the layers make of each.
   *
   * @param tokens S of them, as the vocabulary spells them
   * @param states float32 [L + 1][S][H]
   */
  public record TokenStates(List<String> tokens, float[][][] states) {}

  /** Every layer's hidden states of a text, in which {@code [MASK]} is the mask. */
  public TokenStates hiddenStates(String text) {
    int[] sequence = sequence(text, promptTokenizer);
    float[] values = graph.tokens(sequence);
    float[][][] states = new float[numLayers() + 1][sequence.length][];
    for (int layer = 0; layer < states.length; layer++) {
      for (int i = 0; i < sequence.length; i++) {
        int start = (layer * sequence.length + i) * hiddenSize();
        states[layer][i] = Arrays.copyOfRange(values, start, start + hiddenSize());
      }
    }
    return new TokenStates(tokens(sequence), states);
  }

  /** Every head's attention over a text, in which {@code [MASK]} is the mask. */
  public Attention attention(String text) {
    int[] sequence = sequence(text, promptTokenizer);
    float[] values = graph.attentions(sequence);
    return new Attention(tokens(sequence), numLayers(), numHeads(), values);
  }

  private List<String> tokens(int[] sequence) {
    return Arrays.stream(sequence).mapToObj(vocabulary::token).toList();
  }

  private int[] sequence(String text, BertTokenizer with) {
    int[] ids = with.encode(text);
    int kept = Math.min(ids.length, maxSeqLength() - 2);
    if (kept < ids.length) {
      numTruncated++;
    }
    int[] sequence = new int[kept + 2];
    sequence[0] = vocabulary.clsId();
    System.arraycopy(ids, 0, sequence, 1, kept);
    sequence[kept + 1] = vocabulary.sepId();
    return sequence;
  }

  @Override
  public void close() {
    try {
      graph.close();
    } finally {
      tokenizer.close();
      promptTokenizer.close();
    }
  }
}
