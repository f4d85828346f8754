package org.tiedbert.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tiedbert.export.GraphTokenizer.Tokenized;

/** A graph tokenizer that runs. */
final class TokenizerSession implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session = new Session(graph);
  private final Operand<TString> text;
  private final Operand<TString> textPair;
  private final Tokenized ofText;
  private final Tokenized ofPair;

  TokenizerSession(GraphTokenizer tokenizer) {
    Ops tf = Ops.create(graph);
    this.text = tf.placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
    this.textPair = tf.placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
    this.ofText = tokenizer.apply(tf, text);
    this.ofPair = tokenizer.apply(tf, text, textPair);
  }

  /** Rows of each: [N][S]. */
  record Rows(int[][] inputIds, int[][] attentionMask, int[][] tokenTypeIds) {
    /** What a model sees of a row, less [CLS] and [SEP]. */
    int[] ids(int row) {
      int numTokens = 0;
      while (numTokens < attentionMask[row].length && attentionMask[row][numTokens] == 1) {
        numTokens++;
      }
      return Arrays.copyOfRange(inputIds[row], 1, numTokens - 1);
    }
  }

  Rows rows(List<String> texts) {
    return rowsOfBytes(texts.stream().map(string -> string.getBytes(UTF_8)).toList());
  }

  Rows rowsOfBytes(List<byte[]> texts) {
    try (TString fed = tensor(texts)) {
      return fetch(session.runner().feed(text, fed), ofText);
    }
  }

  Rows rows(List<String> texts, List<String> pairs) {
    try (TString a = tensor(texts.stream().map(string -> string.getBytes(UTF_8)).toList());
        TString b = tensor(pairs.stream().map(string -> string.getBytes(UTF_8)).toList())) {
      return fetch(session.runner().feed(text, a).feed(textPair, b), ofPair);
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }

  private static TString tensor(List<byte[]> texts) {
    var values = NdArrays.ofObjects(byte[].class, Shape.of(texts.size()));
    for (int i = 0; i < texts.size(); i++) {
      values.setObject(texts.get(i), i);
    }
    return TString.tensorOfBytes(values);
  }

  private static Rows fetch(Session.Runner runner, Tokenized tokenized) {
    try (Result result =
        runner
            .fetch(tokenized.inputIds())
            .fetch(tokenized.attentionMask())
            .fetch(tokenized.tokenTypeIds())
            .run()) {
      return new Rows(array(result.get(0)), array(result.get(1)), array(result.get(2)));
    }
  }

  private static int[][] array(Tensor tensor) {
    int[][] values = new int[(int) tensor.shape().get(0)][(int) tensor.shape().get(1)];
    StdArrays.copyFrom((TInt32) tensor, values);
    return values;
  }
}
