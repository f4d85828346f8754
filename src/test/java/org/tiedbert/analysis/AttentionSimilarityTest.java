package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tiedbert.text.InputException;

class AttentionSimilarityTest {
  private static final List<String> TOKENS = List.of("a", "b");

  /** Of one head over two tokens: each layer's two rows. */
  private static Attention attention(float[]... layers) {
    float[] probs = new float[4 * layers.length];
    for (int layer = 0; layer < layers.length; layer++) {
      System.arraycopy(layers[layer], 0, probs, 4 * layer, 4);
    }
    return new Attention(TOKENS, layers.length, 1, probs);
  }

  @Test
  void isOneForEqualAndZeroForDisjointDistributions() {
    Attention a = attention(new float[] {1, 0, 0, 1}, new float[] {0, 1, 1, 0});
    assertEquals(1, AttentionSimilarity.similarity(a, 1, a, 1), 1e-12);
    assertEquals(0, AttentionSimilarity.similarity(a, 1, a, 2), 1e-12);
  }

  @Test
  void isOneMinusTheDivergenceInBits() {
    // given: rows (1, 0) and (½, ½), JSD = (log₂(4/3) + ½·log₂(2/3) + ½·log₂ 2)/2 = 0.311278;
    // second rows equal
    Attention a = attention(new float[] {1, 0, 0.5f, 0.5f}, new float[] {0.5f, 0.5f, 0.5f, 0.5f});
    // then: the mean of 0.688722 and 1
    assertEquals(0.844361, AttentionSimilarity.similarity(a, 1, a, 2), 1e-6);
  }

  @Test
  void meansAndDeviationsAreOverSentences() {
    AttentionSimilarity.Builder builder = new AttentionSimilarity.Builder("x", "y");
    Attention same = attention(new float[] {1, 0, 0, 1});
    builder.add(same, attention(new float[] {1, 0, 0, 1}));
    builder.add(same, attention(new float[] {0, 1, 1, 0}));
    AttentionSimilarity similarity = builder.build();
    assertEquals(0.5, similarity.mean()[0][0], 1e-12);
    assertEquals(Math.sqrt(0.5), similarity.standardDeviation()[0][0], 1e-12);
    Figure figure = AttentionSimilarity.figure(List.of(similarity));
    assertThat(figure.numbers().csv())
        .isEqualTo(
            """
            model,layer,other_model,other_layer,similarity,standard_deviation,sentences
            x,1,y,1,0.5,0.7071067811865476,2
            """);
    assertThat(figure.picture().svg()).contains(">0.50<", ">layer, x<", ">layer, y<");
  }

  @Test
  void otherHeadsOrTokensAreRefused() {
    AttentionSimilarity.Builder builder = new AttentionSimilarity.Builder("x", "y");
    Attention one = attention(new float[] {1, 0, 0, 1});
    Attention two = new Attention(TOKENS, 1, 2, new float[8]);
    assertThatThrownBy(() -> builder.add(one, two))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "attention is compared head by head and token by token: x has 1 heads and 2 tokens in a"
                + " sentence, y has 2 and 2; they must share heads and vocabulary");
  }

  @Test
  void mapsAreOfTheChosenLayersAndHeads() {
    Attention a = attention(new float[] {1, 0, 0.25f, 0.75f}, new float[] {0, 1, 1, 0});
    Figure figure = AttentionMaps.figure("attention", a, List.of(1), List.of(1));
    assertThat(figure.numbers().csv())
        .isEqualTo(
            """
            layer,head,from,from_token,to,to_token,attention
            1,1,0,a,0,a,1.0
            1,1,0,a,1,b,0.0
            1,1,1,b,0,a,0.25
            1,1,1,b,1,b,0.75
            """);
    assertThat(figure.picture().svg()).contains("layer 1, head 1").doesNotContain("layer 2");
    assertThatThrownBy(() -> AttentionMaps.figure("f", a, List.of(3), List.of(1)))
        .hasMessage("the model has layers 1 to 2, there is no layer 3");
  }
}
