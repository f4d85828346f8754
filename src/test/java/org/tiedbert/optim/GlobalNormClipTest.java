package org.tiedbert.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

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
