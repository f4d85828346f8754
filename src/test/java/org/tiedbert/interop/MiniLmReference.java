package org.tiedbert.interop;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tiedbert.text.TokenizerFile;

/**
 * What ONNX Runtime and Hugging Face's tokenizer make of a text with {@link MiniLm}'s own files,
 * one text at a time and without padding. Close it.
 */
public final class MiniLmReference implements AutoCloseable {
  private static final Set<String> OUTPUTS = Set.copyOf(MiniLm.hiddenStateNames());

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final TokenizerFile tokenizer =
      new TokenizerFile(MiniLm.tokenizerJson(), MiniLm.MAX_SEQ_LENGTH);

  public MiniLmReference() throws OrtException {
    this.session = environment.createSession(MiniLm.onnxWithHiddenStates());
  }

  /** The token ids, [CLS] and [SEP] among them. */
  public long[] inputIds(String text) {
    return tokenizer.encodeAll(List.of(text)).get(0);
  }

  /** The embeddings' output and every layer's, each [S · H] in row-major order. */
  public List<float[]> hiddenStates(String text) throws OrtException {
    long[] ids = inputIds(text);
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    try (OnnxTensor inputIds = tensor(ids);
        OnnxTensor attentionMask = tensor(ones);
        OnnxTensor tokenTypeIds = tensor(new long[ids.length]);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", inputIds,
                    "attention_mask", attentionMask,
                    "token_type_ids", tokenTypeIds),
                OUTPUTS)) {
      return MiniLm.hiddenStateNames().stream()
          .map(name -> values((OnnxTensor) result.get(name).orElseThrow()))
          .toList();
    }
  }

  private OnnxTensor tensor(long[] values) throws OrtException {
    return OnnxTensor.createTensor(
        environment, LongBuffer.wrap(values), new long[] {1, values.length});
  }

  private static float[] values(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Override
  public void close() throws OrtException {
    tokenizer.close();
    session.close();
  }
}
