package org.tiedbert.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.tiedbert.stage.Growth.FromScratch;
import org.tiedbert.stage.Growth.FromStageBefore;

class GrowthTest {

  @Test
  void startsTheFirstStageFromNothing() {
    assertThat(new FromScratch().sourceOf("bert/embeddings/word_embeddings")).isEmpty();
  }

  @Test
  void copiesTheTopLayers() {
    // given: 6 layers, 3 more
    Growth growth = new FromStageBefore(6, 3, MomentPolicy.COPY);
    // then: layers 6, 7, 8 are copies of 3, 4, 5, the rest is itself
    assertThat(growth.sourceOf("bert/encoder/layer_6/attention/self/key/bias"))
        .contains("bert/encoder/layer_3/attention/self/key/bias");
    assertThat(growth.sourceOf("bert/encoder/layer_8/output/LayerNorm/beta"))
        .contains("bert/encoder/layer_5/output/LayerNorm/beta");
    assertThat(growth.sourceOf("bert/encoder/layer_5/output/dense/kernel"))
        .contains("bert/encoder/layer_5/output/dense/kernel");
    assertThat(growth.sourceOf("cls/predictions/output_bias"))
        .contains("cls/predictions/output_bias");
  }

  @Test
  void refusesLayersThatHaveNoSource() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FromStageBefore(2, 3, MomentPolicy.COPY))
        .withMessage(
            "new layers are copies of layers before, so 0 <= numNewLayers <= numLayersBefore;"
                + " got 3 and 2");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new FromStageBefore(6, 3, MomentPolicy.COPY)
                    .sourceOf("bert/encoder/layer_9/output/dense/kernel"))
        .withMessage("the stage has 9 layers, it has no layer_9");
  }
}
