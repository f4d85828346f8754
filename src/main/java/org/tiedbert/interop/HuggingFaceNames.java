package org.tiedbert.interop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.ParameterShapes;

/**
 * What Hugging Face's {@code transformers} calls our parameters, and how it lays them out:
 *
 * <pre>
 * bert/embeddings/word_embeddings            bert.embeddings.word_embeddings.weight
 * bert/encoder/layer_3/output/dense/kernel   bert.encoder.layer.3.output.dense.weight
 * bert/encoder/layer_3/output/dense/bias     bert.encoder.layer.3.output.dense.bias
 * bert/embeddings/LayerNorm/gamma, beta      bert.embeddings.LayerNorm.weight, bias
 * cls/predictions/output_bias                cls.predictions.bias
 * cls/seq_relationship/output_weights        cls.seq_relationship.weight
 * cls/seq_relationship/output_bias           cls.seq_relationship.bias
 * output_weights, output_bias                classifier.weight, bias
 * </pre>
 *
 * A kernel is stored transposed.
 */
final class HuggingFaceNames {
  /** What an encoder's names start with, unless the model is nothing but one. */
  static final String PREFIX = "bert.";

  /** Position 0, 1, 2 and so on, which older versions saved with the model. */
  private static final Pattern POSITION_IDS =
      Pattern.compile("(bert\\.)?embeddings\\.position_ids");

  static final String WORD_EMBEDDINGS = "bert/embeddings/word_embeddings";
  private static final String OUTPUT_BIAS = "cls/predictions/output_bias";
  private static final String CLASSIFIER = "classifier";
  private static final String KERNEL = "/kernel";

  private static final Pattern LAYER =
      Pattern.compile("(?<=encoder\\.layer\\.)(0|[1-9]\\d{0,8})(?=\\.)");

  private final int numLayers;

  /** Of a model with a single layer, which stands for all. */
  private final Map<String, String> oursByTheirs = new LinkedHashMap<>();

  /**
   * The names of one model's parameters.
   *
   * @param parts what there may be beside the encoder
   */
  HuggingFaceNames(EncoderConfig config, Set<ModelPart> parts) {
    this.numLayers = config.numHiddenLayers();
    ParameterShapes.of(config.withNumHiddenLayers(1), parts, 1)
        .keySet()
        .forEach(ours -> allOf(ours).forEach(theirs -> oursByTheirs.put(theirs, ours)));
  }

  /** Our name of one of their tensors, if it is one of the model's parameters. */
  Optional<String> ours(String theirs) {
    Matcher layer = LAYER.matcher(theirs);
    if (!layer.find()) {
      return Optional.ofNullable(oursByTheirs.get(theirs));
    }
    int number = Integer.parseInt(layer.group());
    return number < numLayers
        ? Optional.ofNullable(oursByTheirs.get(layer.replaceFirst("0")))
            .map(ours -> ours.replace("/layer_0/", "/layer_%d/".formatted(number)))
        : Optional.empty();
  }

  /** Their name of a parameter, in a model that has the prefix. */
  static String of(String parameter) {
    String path = parameter.contains("/") ? parameter : CLASSIFIER + "/" + parameter;
    int slash = path.lastIndexOf('/');
    String last = path.substring(slash + 1);
    String theirs =
        switch (last) {
          case "kernel", "gamma", "output_weights" -> "weight";
          case "bias", "beta", "output_bias" -> "bias";
          default -> last + ".weight"; // a table of embeddings
        };
    return (path.substring(0, slash) + "/" + theirs)
        .replace("/layer_", "/layer/")
        .replace('/', '.');
  }

  /**
   * Whether they store a parameter transposed: [outputs, inputs], where ours is [inputs, outputs].
   */
  static boolean isTransposed(String parameter) {
    return parameter.endsWith(KERNEL);
  }

  /** The transpose of a matrix of the given shape. */
  static float[] transposed(float[] matrix, int numRows, int numColumns) {
    float[] transposed = new float[matrix.length];
    for (int row = 0; row < numRows; row++) {
      for (int column = 0; column < numColumns; column++) {
        transposed[column * numRows + row] = matrix[row * numColumns + column];
      }
    }
    return transposed;
  }

  /**
   * All names that a parameter may have, today's first. Where a model holds several of them, they
   * are copies of one another: among them that of the masked-LM head's output matrix, which is the
   * word embeddings.
   */
  static List<String> allOf(String parameter) {
    Set<String> names = new LinkedHashSet<>();
    String today = of(parameter);
    names.add(today);
    if (parameter.endsWith("/gamma") || parameter.endsWith("/beta")) { // until 2019
      String last = parameter.substring(parameter.lastIndexOf('/') + 1);
      names.add(today.substring(0, today.lastIndexOf('.') + 1) + last);
    }
    for (String name : List.copyOf(names)) {
      if (name.startsWith(PREFIX)) {
        names.add(name.substring(PREFIX.length()));
      }
    }
    if (parameter.equals(WORD_EMBEDDINGS)) {
      names.add("cls.predictions.decoder.weight");
    } else if (parameter.equals(OUTPUT_BIAS)) {
      names.add("cls.predictions.decoder.bias");
    }
    return new ArrayList<>(names);
  }

  /** Whether a tensor says nothing that the shape of the model does not. */
  static boolean isRedundant(String theirs) {
    return POSITION_IDS.matcher(theirs).matches();
  }
}
