package org.tiedbert.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.TensorShapeProto.Dim;
import org.tiedbert.corpus.TfRecord;
import org.tiedbert.text.Vocabulary;

/**
 * The file that TensorFlow Serving runs through a model before it answers anybody: TFRecords of its
 * {@code PredictionLog} messages (tensorflow_serving/apis), written by their field numbers. Every
 * signature is called with one text and with eight.
 */
final class WarmUpRequests {
  static final String FILE = "tf_serving_warmup_requests";

  private static final List<String> TEXTS =
      List.of(
          "The capital of France is [MASK].",
          "[MASK]",
          "A sentence of a few more words, which has a comma, a [MASK] and an end.",
          "Größe, 東京, naïve café: [MASK]!");
  private static final int[] BATCH_SIZES = {1, 8};
  private static final int TOP_K = 5;

  // PredictionLog.predict_log, PredictLog.request
  private static final int PREDICT_LOG = 6;
  private static final int REQUEST = 1;
  // PredictRequest.model_spec, .inputs; ModelSpec.name, .signature_name
  private static final int MODEL_SPEC = 1;
  private static final int INPUTS = 2;
  private static final int NAME = 1;
  private static final int SIGNATURE_NAME = 3;
  // an entry of a map
  private static final int KEY = 1;
  private static final int VALUE = 2;

  private final String model;
  private final Vocabulary vocabulary;

  /**
   * @param model the name that it is served under
   */
  WarmUpRequests(String model, Vocabulary vocabulary) {
    this.model = model;
    this.vocabulary = vocabulary;
  }

  /** The file's bytes. */
  byte[] bytes(Map<String, SignatureDef> signatures) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    new TreeMap<>(signatures)
        .forEach(
            (name, signature) -> {
              for (int batchSize : BATCH_SIZES) {
                records.writeBytes(TfRecord.of(request(name, signature, batchSize).toByteArray()));
              }
            });
    return records.toByteArray();
  }

  private ByteString request(String name, SignatureDef signature, int batchSize) {
    ByteString modelSpec =
        field(NAME, ByteString.copyFromUtf8(model))
            .concat(field(SIGNATURE_NAME, ByteString.copyFromUtf8(name)));
    ByteString request = field(MODEL_SPEC, modelSpec);
    for (String input : new TreeMap<>(signature.getInputsMap()).keySet()) {
      ByteString entry =
          field(KEY, ByteString.copyFromUtf8(input))
              .concat(field(VALUE, tensor(input, batchSize).toByteString()));
      request = request.concat(field(INPUTS, entry));
    }
    return field(PREDICT_LOG, field(REQUEST, request));
  }

  private TensorProto tensor(String input, int batchSize) {
    int[] sequence = {vocabulary.clsId(), vocabulary.maskId(), vocabulary.sepId()};
    return switch (input) {
      case Signatures.TEXT, Signatures.TEXT_PAIR -> texts(batchSize);
      case Signatures.TOP_K -> ints(new int[] {Math.min(TOP_K, vocabulary.size())});
      case Signatures.INPUT_IDS -> ints(repeated(sequence, batchSize), batchSize, sequence.length);
      case Signatures.ATTENTION_MASK ->
          ints(repeated(new int[] {1, 1, 1}, batchSize), batchSize, sequence.length);
      case Signatures.TOKEN_TYPE_IDS ->
          ints(repeated(new int[] {0, 0, 0}, batchSize), batchSize, sequence.length);
      default -> throw new IllegalStateException("there is no input " + input);
    };
  }

  private static TensorProto texts(int batchSize) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDtype(DataType.DT_STRING).setTensorShape(shape(batchSize));
    for (int i = 0; i < batchSize; i++) {
      tensor.addStringVal(ByteString.copyFrom(TEXTS.get(i % TEXTS.size()), UTF_8));
    }
    return tensor.build();
  }

  private static TensorProto ints(int[] values, long... dimensions) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDtype(DataType.DT_INT32).setTensorShape(shape(dimensions));
    for (int value : values) {
      tensor.addIntVal(value);
    }
    return tensor.build();
  }

  private static int[] repeated(int[] sequence, int times) {
    return IntStream.range(0, times).flatMap(i -> IntStream.of(sequence)).toArray();
  }

  private static TensorShapeProto shape(long... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : dimensions) {
      shape.addDim(Dim.newBuilder().setSize(size));
    }
    return shape.build();
  }

  /** A field that is a message, or a string; the fields of a message are concatenated. */
  private static ByteString field(int number, ByteString content) {
    Field field = Field.newBuilder().addLengthDelimited(content).build();
    return UnknownFieldSet.newBuilder().addField(number, field).build().toByteString();
  }
}
