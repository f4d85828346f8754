package org.tiedbert.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.tiedbert.text.InputException;
import org.tiedbert.text.TokenizerFile;

/**
 * A BERT of ONNX Runtime as it is used from Java: token ids by Hugging Face's tokenizer, hidden
 * states by the session, their means here. Dimensions: N texts, S tokens of the longest, H hidden.
 */
final class OnnxEmbedder implements TextEmbedder {
  private static final Set<String> INPUTS =
      Set.of(Signatures.INPUT_IDS, Signatures.ATTENTION_MASK, Signatures.TOKEN_TYPE_IDS);

  private static final String SPINNING = "session.intra_op.allow_spinning";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final String hiddenStates;
  private final TokenizerFile tokenizer;
  private final boolean spinning;

  /**
   * With the one setting that depends on the machine, whether idle threads spin, as it is faster
   * here: for most that is to spin; where other programs want the cores too, not to.
   *
   * @param batches to try it on
   * @param trial how long to try each
   */
  static OnnxEmbedder fastest(
      ServingBench.Onnx files,
      int maxSeqLength,
      int numThreads,
      List<List<String>> batches,
      Duration trial) {
    OnnxEmbedder spinning =
        new OnnxEmbedder(files.model(), files.tokenizer(), maxSeqLength, numThreads, true);
    try {
      OnnxEmbedder sleeping =
          new OnnxEmbedder(files.model(), files.tokenizer(), maxSeqLength, numThreads, false);
      List<Turns.Times> times =
          new Turns(List.of(spinning, sleeping), batches).measure(trial, done -> {});
      boolean spins = times.get(0).total() <= times.get(1).total();
      (spins ? sleeping : spinning).close();
      return spins ? spinning : sleeping;
    } catch (RuntimeException e) {
      spinning.close();
      throw e;
    }
  }

  /**
   * @param maxSeqLength tokens that are read of a text at most
   * @param spinning whether idle threads wait in a loop for a while before they sleep
   * @throws InputException if the file is no ONNX model that makes hidden states of token ids
   */
  OnnxEmbedder(Path model, Path tokenizer, int maxSeqLength, int numThreads, boolean spinning) {
    this.spinning = spinning;
    if (!Files.isRegularFile(model)) {
      throw new InputException("there is no file %s".formatted(model));
    }
    this.tokenizer = new TokenizerFile(tokenizer, maxSeqLength);
    try (SessionOptions options = new SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setIntraOpNumThreads(numThreads);
      options.addConfigEntry(SPINNING, spinning ? "1" : "0");
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      this.session = environment.createSession(model.toString(), options);
    } catch (OrtException e) {
      this.tokenizer.close();
      throw new InputException(
          "ONNX Runtime cannot load %s: %s".formatted(model, e.getMessage()), e);
    }
    try {
      this.hiddenStates = hiddenStates(model);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private String hiddenStates(Path model) {
    if (!INPUTS.containsAll(session.getInputNames())) {
      throw new InputException(
          "%s must take %s, it takes %s".formatted(model, INPUTS, session.getInputNames()));
    }
    try {
      return session.getOutputInfo().values().stream()
          .filter(output -> output.getInfo() instanceof TensorInfo)
          .filter(output -> ((TensorInfo) output.getInfo()).getShape().length == 3)
          .findFirst()
          .orElseThrow(
              () ->
                  new InputException(
                      "%s must have hidden states [N, S, H] among its outputs, it has %s"
                          .formatted(model, session.getOutputNames())))
          .getName();
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  @Override
  public String name() {
    return "ONNX Runtime %s%s".formatted(environment.getVersion(), spinning ? "" : ", no spinning");
  }

  @Override
  public void tokenize(List<String> texts) {
    tokenizer.encodeAll(texts);
  }

  @Override
  public float[][] embed(List<String> texts) {
    List<long[]> ids = tokenizer.encodeAll(texts);
    int length = ids.stream().mapToInt(row -> row.length).max().orElseThrow();
    try (OnnxTensor inputIds = tensor(ids, length, id -> id);
        OnnxTensor attentionMask = tensor(ids, length, id -> 1);
        OnnxTensor tokenTypeIds = tensor(ids, length, id -> 0)) {
      Map<String, OnnxTensor> inputs = new HashMap<>();
      inputs.put(Signatures.INPUT_IDS, inputIds);
      inputs.put(Signatures.ATTENTION_MASK, attentionMask);
      inputs.put(Signatures.TOKEN_TYPE_IDS, tokenTypeIds);
      inputs.keySet().retainAll(session.getInputNames()); // not every file has all three
      return means(inputs, ids, length);
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private float[][] means(Map<String, OnnxTensor> inputs, List<long[]> ids, int length)
      throws OrtException {
    try (OrtSession.Result result = session.run(inputs, Set.of(hiddenStates))) {
      FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer(); // [N, S, H]
      int hiddenSize = states.remaining() / (ids.size() * length);
      float[] state = new float[hiddenSize];
      float[][] means = new float[ids.size()][hiddenSize];
      for (int row = 0; row < means.length; row++) {
        int numTokens = ids.get(row).length;
        for (int token = 0; token < numTokens; token++) {
          states.get((row * length + token) * hiddenSize, state);
          for (int h = 0; h < hiddenSize; h++) {
            means[row][h] += state[h] / numTokens;
          }
        }
      }
      return means;
    }
  }

  /** int64 [N, S] of a number for every token, 0 behind a text's end. */
  private OnnxTensor tensor(List<long[]> ids, int length, LongUnaryOperator of)
      throws OrtException {
    LongBuffer values =
        ByteBuffer.allocateDirect(Long.BYTES * ids.size() * length)
            .order(ByteOrder.nativeOrder())
            .asLongBuffer();
    for (int row = 0; row < ids.size(); row++) {
      for (int token = 0; token < ids.get(row).length; token++) {
        values.put(row * length + token, of.applyAsLong(ids.get(row)[token]));
      }
    }
    return OnnxTensor.createTensor(environment, values, new long[] {ids.size(), length});
  }

  private static IllegalStateException failed(OrtException e) {
    return new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    tokenizer.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }
}
