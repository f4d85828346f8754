package org.tiedbert.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;

/** The parameters that a BERT has, by name, without a graph that anybody keeps. */
public final class ParameterShapes {
  private ParameterShapes() {}

  /**
   * @param parts what there is beside the encoder
   * @param numClasses of the {@link ModelPart#CLASSIFIER}, if there is one
   * @return in the order in which a graph has them
   */
  public static Map<String, Shape> of(EncoderConfig config, Set<ModelPart> parts, int numClasses) {
    try (Graph graph = new Graph()) {
      Parameters parameters = new Parameters(Ops.create(graph));
      Encoder encoder = new Encoder(parameters, config);
      for (ModelPart part : parts) {
        switch (part) {
          case POOLER -> new Pooler(parameters, config);
          case MASKED_LANGUAGE_MODEL ->
              new MaskedLanguageModelHead(parameters, config, encoder.wordEmbeddings());
          case NEXT_SENTENCE -> new NextSentenceHead(parameters, config);
          case CLASSIFIER -> new ClassificationHead(parameters, config, numClasses);
        }
      }
      Map<String, Shape> shapes = new LinkedHashMap<>();
      parameters.all().forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
      return shapes;
    }
  }
}
