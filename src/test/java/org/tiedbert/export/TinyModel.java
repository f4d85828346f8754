package org.tiedbert.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.LossTrend;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunLock;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.ParameterShapes;
import org.tiedbert.text.Vocabulary;

/** A run of two layers and sixteen hidden units whose every parameter is a seeded random number. */
public final class TinyModel {
  /** [PAD] is not id 0, so that whoever takes it for that is found out. */
  static final Vocabulary VOCABULARY =
      Vocabulary.of(
          List.of(
              "[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]", "the", "sea", "is", "cold", "and",
              "deep", "##s", "##er", ".", ",", "a", "ship", "sail", "on", "it", "café", "[", "]",
              "mask"));

  static final EncoderConfig ENCODER =
      new EncoderConfig(VOCABULARY.size(), 24, 2, 16, 2, 2, 32, 0.1, 0.1, 0.02);
  static final BertConfig CONFIG = new BertConfig(ENCODER, true);

  private TinyModel() {}

  /** The parameters' values by name. */
  static Map<String, float[]> values(EncoderConfig config, long seed) {
    Map<String, float[]> values = new LinkedHashMap<>();
    shapes(config)
        .forEach(
            (name, shape) -> values.put(name, random(name, Math.toIntExact(shape.size()), seed)));
    return values;
  }

  static Map<String, Shape> shapes(EncoderConfig config) {
    return ParameterShapes.of(
        config, EnumSet.of(ModelPart.POOLER, ModelPart.MASKED_LANGUAGE_MODEL), 0);
  }

  /** Of a parameter of any part. */
  static float[] value(String name, Shape shape, long seed) {
    return random(name, Math.toIntExact(shape.size()), seed);
  }

  /** Large enough for attention and predictions to be far from uniform. */
  private static float[] random(String name, int size, long seed) {
    Random random = new Random(seed + name.hashCode());
    float centre = name.endsWith("gamma") ? 1 : 0;
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = centre + 0.2f * (float) random.nextGaussian();
    }
    return values;
  }

  /**
   * Makes a run directory with a checkpoint after each of the given steps.
   *
   * @return the newest checkpoint
   */
  public static Path writeRun(Path run, long... steps) {
    RunLock lock = RunDirectory.createOrContinue(run).lock();
    Path newest = null;
    CheckpointStore store =
        new CheckpointStore(new RunDirectory(run).checkpoints(), CheckpointStore.KEEP_ALL);
    for (long step : steps) {
      newest = save(store, step, CONFIG, shapes(ENCODER));
    }
    lock.close();
    return newest;
  }

  /**
   * Makes a run directory of a model with these parts and no others.
   *
   * @param numClasses of a classifier
   * @param labels what labels.json names; none without the file
   */
  static ModelDirectory model(
      Path run, long step, Set<ModelPart> parts, int numClasses, String... labels) {
    writeRun(run);
    CheckpointStore store =
        new CheckpointStore(new RunDirectory(run).checkpoints(), CheckpointStore.KEEP_ALL);
    Map<String, byte[]> further =
        labels.length == 0
            ? Map.of()
            : Map.of(Labels.FILE_NAME, new Labels(List.of(labels)).bytes());
    save(store, step, CONFIG, ParameterShapes.of(ENCODER, parts, numClasses), further);
    return open(run);
  }

  static ModelDirectory open(Path model) {
    return ModelDirectory.open(
        model,
        damaged -> {
          throw damaged;
        });
  }

  /** Saves a checkpoint whose parameters have the given shapes and are seeded by the step. */
  static Path save(CheckpointStore store, long step, BertConfig config, Map<String, Shape> shapes) {
    return save(store, step, config, shapes, Map.of());
  }

  private static Path save(
      CheckpointStore store,
      long step,
      BertConfig config,
      Map<String, Shape> shapes,
      Map<String, byte[]> further) {
    Map<String, byte[]> files = new HashMap<>(further);
    files.put("vocab.txt", VOCABULARY.bytes());
    files.put(BertConfig.FILE_NAME, config.bytes());
    files.put("config.yaml", "seed: 7\n".getBytes(UTF_8));
    return store.save(
        new TrainingState(step, 0, 0, 0, 7, List.of(1000L), List.of(), LossTrend.NONE, 0),
        prefix -> saveBundle(prefix, step, shapes),
        files,
        false);
  }

  private static Set<String> saveBundle(Path prefix, long seed, Map<String, Shape> shapes) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      String[] names = shapes.keySet().toArray(String[]::new);
      String[] whole = new String[names.length];
      Arrays.fill(whole, "");
      List<Operand<?>> values = new ArrayList<>();
      shapes.forEach(
          (name, shape) -> {
            float[] random = random(name, Math.toIntExact(shape.size()), seed);
            values.add(constant(tf, shape, random));
          });
      session
          .runner()
          .addTarget(
              tf.train.save(
                  tf.constant(prefix.toString()), tf.array(names), tf.array(whole), values))
          .run()
          .close();
    }
    return shapes.keySet();
  }

  static Operand<TFloat32> constant(Ops tf, Shape shape, float[] values) {
    try (TFloat32 tensor = TFloat32.tensorOf(shape, DataBuffers.of(values))) {
      return tf.constantOf(tensor);
    }
  }
}
