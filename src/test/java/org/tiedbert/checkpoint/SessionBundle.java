package org.tiedbert.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/** Writes three tensors with a save op, as a training session does. */
record SessionBundle(float seed) implements BundleWriter {
  static final String KERNEL = "bert/encoder/layer_0/attention/self/query/kernel";
  static final String BIAS = "cls/predictions/output_bias";
  static final String STEP = "global_step";

  @Override
  public Set<String> write(Path prefix) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      session
          .runner()
          .addTarget(
              tf.train.save(
                  tf.constant(prefix.toString()),
                  tf.array(KERNEL, BIAS, STEP),
                  tf.array("", "", ""),
                  List.of(
                      tf.constant(new float[][] {{seed, 1, 2}, {3, 4, 5}}),
                      tf.constant(manyFloats()),
                      tf.constant(7L))))
          .run();
    }
    return Set.of(KERNEL, BIAS, STEP);
  }

  static float[] manyFloats() {
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.25f * i;
    }
    return values;
  }
}
