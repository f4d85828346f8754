package org.tiedbert.interop;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.checkpoint.TensorBundleWriter;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.ParameterShapes;
import org.tiedbert.text.Vocabulary;

/** A model directory of two layers and eight hidden units, of seeded random bits. */
final class TinyBert {
  static final Vocabulary VOCABULARY =
      Vocabulary.of(
          List.of(
              "[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "sea", "##s", "."));
  static final EncoderConfig ENCODER =
      new EncoderConfig(VOCABULARY.size(), 12, 2, 8, 2, 2, 16, 0.1, 0.2, 0.03);
  static final Labels LABELS = new Labels(List.of("no", "maybe", "yes"));

  private TinyBert() {}

  /** With every part there is. */
  static ModelDirectory write(Path target) {
    return write(target, EnumSet.allOf(ModelPart.class));
  }

  static ModelDirectory write(Path target, Set<ModelPart> parts) {
    Map<String, Shape> shapes = ParameterShapes.of(ENCODER, parts, LABELS.names().size());
    ModelDirectory.write(
        target,
        new TensorBundleWriter(shapes, name -> values(name, shapes.get(name))),
        new BertConfig(ENCODER, true),
        VOCABULARY,
        parts.contains(ModelPart.CLASSIFIER) ? Optional.of(LABELS) : Optional.empty());
    return open(target);
  }

  static ModelDirectory open(Path model) {
    return ModelDirectory.open(
        model,
        damaged -> {
          throw damaged;
        });
  }

  /** Of a parameter's name: any bits but those of not-a-number. */
  static float[] values(String name, Shape shape) {
    Random random = new Random(name.hashCode());
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      float any = Float.intBitsToFloat(random.nextInt());
      values[i] = Float.isNaN(any) ? -0f : any;
    }
    return values;
  }

  /** The bits of every tensor by its name. */
  static Map<String, List<Integer>> bits(Path prefix) {
    Map<String, List<Integer>> bits = new HashMap<>();
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      for (String name : bundle.names()) {
        float[] values = bundle.floats(name);
        bits.put(
            name + bundle.shape(name),
            IntStream.range(0, values.length)
                .mapToObj(i -> Float.floatToRawIntBits(values[i]))
                .toList());
      }
    }
    return bits;
  }
}
