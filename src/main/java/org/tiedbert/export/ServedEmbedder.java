package org.tiedbert.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tiedbert.text.InputException;

/** The signature of a SavedModel that takes text, run as any program would run it. */
final class ServedEmbedder implements TextEmbedder {
  private final SavedModelBundle bundle;
  private final String text;
  private final String embedding;
  private final Set<String> tokenizer;

  /**
   * @throws InputException if the folder is no SavedModel, a damaged one, or none that takes text
   */
  ServedEmbedder(Path directory, int numThreads) {
    this.bundle =
        LoadedModel.bundle(
            directory,
            ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(numThreads)
                .setInterOpParallelismThreads(numThreads)
                .build());
    try {
      SignatureDef signature =
          bundle.metaGraphDef().getSignatureDefMap().values().stream()
              .filter(candidate -> candidate.containsInputs(Signatures.TEXT))
              .filter(candidate -> candidate.containsOutputs(Signatures.EMBEDDING))
              .findFirst()
              .orElseThrow(
                  () ->
                      new InputException(
                          "SavedModel %s has no signature from %s to %s, only %s; export it again"
                              .formatted(
                                  directory,
                                  Signatures.TEXT,
                                  Signatures.EMBEDDING,
                                  bundle.metaGraphDef().getSignatureDefMap().keySet())));
      this.text = signature.getInputsOrThrow(Signatures.TEXT).getName();
      this.embedding = signature.getOutputsOrThrow(Signatures.EMBEDDING).getName();
      this.tokenizer =
          new OperationsBeforeParameters(bundle.metaGraphDef().getGraphDef())
              .between(text, embedding);
    } catch (RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "TensorFlow " + TensorFlow.version();
  }

  @Override
  public float[][] embed(List<String> texts) {
    try (TString strings = TString.vectorOf(texts.toArray(String[]::new));
        Result result = bundle.session().runner().feed(text, strings).fetch(embedding).run()) {
      TFloat32 vectors = (TFloat32) result.get(0); // [N, H]
      float[][] embeddings = new float[texts.size()][(int) vectors.shape().get(1)];
      for (int i = 0; i < embeddings.length; i++) {
        vectors.get(i).copyTo(DataBuffers.of(embeddings[i]));
      }
      return embeddings;
    }
  }

  @Override
  public void tokenize(List<String> texts) {
    try (TString strings = TString.vectorOf(texts.toArray(String[]::new))) {
      Session.Runner runner = bundle.session().runner().feed(text, strings);
      tokenizer.forEach(runner::addTarget);
      runner.run().close();
    }
  }

  @Override
  public void close() {
    bundle.close();
  }
}
