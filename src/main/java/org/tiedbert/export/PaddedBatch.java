package org.tiedbert.export;

import java.util.Arrays;
import java.util.List;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TInt32;

/**
 * Sequences of token ids as the tensors of a signature's input, padded to the longest of them. Owns
 * the tensors. Dimensions: N sequences, S tokens.
 */
final class PaddedBatch implements AutoCloseable {
  private final TInt32 inputIds; // [N, S]
  private final TInt32 attentionMask; // [N, S]
  private final TInt32 tokenTypeIds; // [N, S], one segment

  /**
   * @param sequences of one token or more each
   */
  PaddedBatch(List<int[]> sequences, int padId) {
    int length = sequences.stream().mapToInt(ids -> ids.length).max().orElseThrow();
    int[] tokens = new int[sequences.size() * length];
    int[] real = new int[tokens.length];
    Arrays.fill(tokens, padId);
    for (int row = 0; row < sequences.size(); row++) {
      int[] ids = sequences.get(row);
      int start = row * length;
      System.arraycopy(ids, 0, tokens, start, ids.length);
      Arrays.fill(real, start, start + ids.length, 1);
    }
    Shape shape = Shape.of(sequences.size(), length);
    this.inputIds = TInt32.tensorOf(shape, DataBuffers.of(tokens));
    this.attentionMask = TInt32.tensorOf(shape, DataBuffers.of(real));
    this.tokenTypeIds = TInt32.tensorOf(shape, DataBuffers.of(new int[tokens.length]));
  }

  /** Feeds a run of a signature that takes them. */
  Session.Runner feed(Session.Runner runner, SignatureDef signature) {
    return runner
        .feed(signature.getInputsOrThrow(Signatures.INPUT_IDS).getName(), inputIds)
        .feed(signature.getInputsOrThrow(Signatures.ATTENTION_MASK).getName(), attentionMask)
        .feed(signature.getInputsOrThrow(Signatures.TOKEN_TYPE_IDS).getName(), tokenTypeIds);
  }

  @Override
  public void close() {
    inputIds.close();
    attentionMask.close();
    tokenTypeIds.close();
  }
}
