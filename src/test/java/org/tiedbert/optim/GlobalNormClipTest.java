package org.tiedbert.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

class GlobalNormClipTest {

  @Test
  void scalesToTheLargestNormAllowed() {
    // given: √(1² + 2² + 2² + 4²) = 5
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      List<Operand<TFloat32>> gradients =
          List.of(tf.constant(new float[][] {{1, -2}, {2, 0}}), tf.constant(new float[] {-4}));
      // when
      GlobalNormClip.Clip clipped = new GlobalNormClip(2).of(tf, gradients);
      GlobalNormClip.Clip free = new GlobalNormClip(6).of(tf, gradients);
      // then
      assertEquals(5, value(clipped.globalNorm()), 1e-6);
      assertEquals(0.4, value(clipped.scale()), 1e-7);
      assertEquals(5, value(free.globalNorm()), 1e-6);
      assertEquals(1, value(free.scale()));
    }
  }

  @Test
  void leavesZeroGradientsAlone() {
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      GlobalNormClip.Clip clip =
          new GlobalNormClip(1).of(tf, List.of(tf.constant(new float[] {0, 0})));
      assertEquals(0, value(clip.globalNorm()));
      assertEquals(1, value(clip.scale()));
    }
  }

  @Test
  void showsAGradientThatIsNotFinite() {
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      GlobalNormClip.Clip clip =
          new GlobalNormClip(1).of(tf, List.of(tf.constant(new float[] {0, Float.NaN})));
      assertThat(value(clip.globalNorm())).isNaN();
    }
  }

  /** The same numbers added in another order would be another norm now and then. */
  @Test
  void theNormOfTheSameGradientsIsTheSameEveryTime() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      List<Operand<TFloat32>> gradients = new ArrayList<>();
      List<Op> assignments = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Shape shape = Shape.of(1000 + 97 * (i % 17), i % 3 == 0 ? 1 : 400);
        Operand<TType> handle =
            tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName("gradient" + i));
        long[] seed = {i, 7};
        Operand<TFloat32> values =
            tf.random.statelessRandomNormal(
                tf.constant(shape.asArray()), tf.constant(seed), TFloat32.class);
        assignments.add(tf.assignVariableOp(handle, values));
        gradients.add(tf.reshape(tf.readVariableOp(handle, TFloat32.class), tf.array(-1)));
      }
      Operand<TFloat32> norm = new GlobalNormClip(1).of(tf, gradients).globalNorm();
      Set<Float> norms = new HashSet<>();
      try (Session session = new Session(graph)) {
        assignments.forEach(session::run);
        for (int time = 0; time < 200; time++) {
          try (Result result = session.runner().fetch(norm).run()) {
            norms.add(((TFloat32) result.get(0)).getFloat());
          }
        }
      }
      assertThat(norms).hasSize(1);
    }
  }

  @Test
  void refusesWhatCannotBeClipped() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GlobalNormClip(0))
        .withMessage("maxNorm must be above 0, got 0.0");
    try (EagerSession session = EagerSession.create()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new GlobalNormClip(1).of(Ops.create(session), List.of()))
          .withMessage("there is no gradient to clip, at least one is needed");
    }
  }

  private static float value(Operand<TFloat32> scalar) {
    return scalar.asTensor().getFloat();
  }
}
