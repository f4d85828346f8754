package org.tiedbert.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.io.ReaderReadUpTo;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto.Dim;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;
import org.tiedbert.model.ModelPart;

/**
 * Reads the file with TensorFlow's reader of TFRecords and a written-out schema of the messages.
 */
class WarmUpRequestsTest {
  /** From tensorflow_serving/apis: prediction_log.proto, predict.proto and model.proto. */
  private static final String SCHEMA =
      """
      syntax: "proto3"
      message_type {
        name: "PredictionLog"
        field { name: "predict_log" number: 6 type_name: "PredictLog" label: LABEL_OPTIONAL }
      }
      message_type {
        name: "PredictLog"
        field { name: "request" number: 1 type_name: "PredictRequest" label: LABEL_OPTIONAL }
      }
      message_type {
        name: "PredictRequest"
        field { name: "model_spec" number: 1 type_name: "ModelSpec" label: LABEL_OPTIONAL }
        field { name: "inputs" number: 2 type_name: "InputsEntry" label: LABEL_REPEATED }
      }
      message_type {
        name: "InputsEntry"
        field { name: "key" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
        field { name: "value" number: 2 type: TYPE_BYTES label: LABEL_OPTIONAL }
      }
      message_type {
        name: "ModelSpec"
        field { name: "name" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
        field { name: "signature_name" number: 3 type: TYPE_STRING label: LABEL_OPTIONAL }
      }
      """;

  @TempDir static Path directory;
  private static Path exported;

  @BeforeAll
  static void exportAModelOfAllParts() {
    exported = directory.resolve("models/tiny");
    new SavedModelExport(
            TinyModel.model(
                directory.resolve("run"), 1, EnumSet.allOf(ModelPart.class), 2, "no", "yes"))
        .write(exported);
  }

  @Test
  void everySignatureIsCalledWithOneTextAndWithEight() throws Exception {
    // given
    List<DynamicMessage> requests = new ArrayList<>();
    for (byte[] record : records(exported.resolve("assets.extra/tf_serving_warmup_requests"))) {
      DynamicMessage log = DynamicMessage.parseFrom(schema("PredictionLog"), record);
      assertThat(log.getUnknownFields().asMap()).isEmpty();
      requests.add((DynamicMessage) field(field(log, "predict_log"), "request"));
    }
    try (SavedModelBundle bundle = SavedModelBundle.load(exported.toString(), "serve")) {
      Map<String, List<Long>> batchSizes = new HashMap<>();
      for (DynamicMessage request : requests) {
        Message modelSpec = (Message) field(request, "model_spec");
        assertThat(field(modelSpec, "name")).isEqualTo("tiny");
        String signature = (String) field(modelSpec, "signature_name");
        // when
        Map<String, Tensor> inputs = inputs(request);
        try (Result result = bundle.function(signature).call(inputs)) {
          // then
          assertThat(result.size()).isPositive();
        }
        Tensor first = inputs.getOrDefault(Signatures.TEXT, inputs.get(Signatures.INPUT_IDS));
        batchSizes.computeIfAbsent(signature, name -> new ArrayList<>()).add(first.shape().get(0));
        inputs.values().forEach(Tensor::close);
      }
      assertThat(batchSizes.keySet())
          .isEqualTo(bundle.metaGraphDef().getSignatureDefMap().keySet());
      assertThat(batchSizes.values()).allMatch(sizes -> sizes.equals(List.of(1L, 8L)));
    }
  }

  private static Object field(Object message, String name) {
    DynamicMessage parent = (DynamicMessage) message;
    return parent.getField(parent.getDescriptorForType().findFieldByName(name));
  }

  private static Map<String, Tensor> inputs(DynamicMessage request) throws Exception {
    Map<String, Tensor> inputs = new HashMap<>();
    for (Object entry : (List<?>) field(request, "inputs")) {
      TensorProto value = TensorProto.parseFrom((ByteString) field(entry, "value"));
      inputs.put((String) field(entry, "key"), tensor(value));
    }
    return inputs;
  }

  private static TType tensor(TensorProto proto) throws CharacterCodingException {
    Shape shape =
        Shape.of(proto.getTensorShape().getDimList().stream().mapToLong(Dim::getSize).toArray());
    if (proto.getDtype() == DataType.DT_INT32) {
      int[] values = proto.getIntValList().stream().mapToInt(i -> i).toArray();
      return TInt32.tensorOf(shape, DataBuffers.of(values));
    }
    assertThat(proto.getDtype()).isEqualTo(DataType.DT_STRING);
    for (ByteString text : proto.getStringValList()) {
      UTF_8.newDecoder().decode(text.asReadOnlyByteBuffer()); // throws where it is not
    }
    return TString.tensorOfBytes(
        NdArrays.vectorOfObjects(
            proto.getStringValList().stream().map(ByteString::toByteArray).toArray(byte[][]::new)));
  }

  private static Descriptor schema(String message) throws Exception {
    FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName("log.proto");
    TextFormat.merge(SCHEMA, file);
    return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0])
        .findMessageTypeByName(message);
  }

  private static List<byte[]> records(Path file) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<? extends TType> names = tf.io.fifoQueue(List.of(TString.class));
      session
          .runner()
          .addTarget(tf.io.queueEnqueue(names, List.of(tf.constant(file.toString()))))
          .run()
          .close();
      session.runner().addTarget(tf.io.queueClose(names)).run().close();
      ReaderReadUpTo read = tf.io.readerReadUpTo(tf.io.tfRecordReader(), names, tf.constant(1000L));
      try (Result result = session.runner().fetch(read.values()).run()) {
        List<byte[]> records = new ArrayList<>();
        ((TString) result.get(0)).asBytes().scalars().forEach(r -> records.add(r.getObject()));
        return records;
      }
    }
  }
}
