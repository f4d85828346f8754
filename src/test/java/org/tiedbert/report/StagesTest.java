package org.tiedbert.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.LossTrend;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.report.Stages.Row;

class StagesTest {
  private static final String MSLT =
      "model: {numHiddenLayers: 6}\n"
          + "stages: {kind: mslt, steps: [100, 100, 100], retrainSteps: 60}";

  @TempDir Path folder;

  private static Stages planned(String yaml) throws JsonProcessingException {
    return Stages.of(Settings.parse(yaml), Metrics.none(), Optional.empty());
  }

  @Test
  void layerwiseTrainingFreezesWhatLiesBelow() throws IOException {
    assertThat(planned(MSLT).rows())
        .extracting(
            Row::name, Row::numLayers, Row::firstTrainedLayer, Row::embeddingsTrain, Row::lastStep)
        .containsExactly(
            tuple("layers 0-1", 2, 0, true, 100L),
            tuple("layers 2-3", 4, 2, false, 200L),
            tuple("layers 4-5", 6, 4, false, 300L),
            tuple("retrain", 6, 0, true, 360L));
  }

  @Test
  void otherMethodsTrainEverything() throws IOException {
    assertThat(
            planned("model: {numHiddenLayers: 4}\nstages: {kind: stacking, steps: [5, 6, 7]}")
                .rows())
        .extracting(Row::numLayers, Row::trainsAll, Row::lastStep)
        .containsExactly(tuple(1, true, 5L), tuple(2, true, 11L), tuple(4, true, 18L));
    assertThat(planned("model: {numHiddenLayers: 4}\nstages: {kind: plain, steps: 7}").rows())
        .extracting(Row::numLayers, Row::trainsAll, Row::begun, Row::lastStep)
        .containsExactly(tuple(4, true, false, 7L));
  }

  @Test
  void settingsThatMakeNoPlanMakeNone() throws IOException {
    assertThat(planned("").rows()).isEmpty();
    assertThat(planned("").totalSteps()).isZero();
    assertThat(planned("stages: {kind: mslt, steps: [1, x]}").rows()).isEmpty();
    assertThat(planned("model: {numHiddenLayers: 5}\nstages: {kind: mslt, steps: [1, 1]}").rows())
        .isEmpty();
    assertThat(planned("stages: {kind: another}").rows()).isEmpty();
  }

  @Test
  void whatWasMeasuredIsAddedUpByStage() throws IOException {
    Path metrics = folder.resolve("metrics.jsonl");
    Files.writeString(
        metrics,
        """
        {"kind":"stage","step":1,"stage":1,"name":"first","numLayers":2,"numTrainable":7,"numParameters":9,"lastStep":2}
        {"kind":"step","step":1,"stage":1,"learningRate":0.5,"time":{"seconds":1.25}}
        {"kind":"step","step":2,"stage":1,"learningRate":0.25,"time":{"seconds":1.5}}
        {"kind":"stage","step":3,"stage":2,"name":"second","numLayers":4,"numTrainable":3,"numParameters":12,"lastStep":40}
        {"kind":"step","step":3,"stage":2,"learningRate":0.125,"time":{"seconds":4}}
        """);
    // a budget ended stage 1 after 2 steps; the state is older than the line of stage 2
    TrainingState state =
        new TrainingState(
            2, 0, 16, 9.5, 1, List.of(2L, 50L, 60L, 70L), List.of(), LossTrend.NONE, 0);
    Stages stages = Stages.of(Settings.parse(MSLT), Metrics.read(metrics), Optional.of(state));
    assertThat(stages.rows())
        .extracting(Row::begun, Row::numSteps, Row::seconds, Row::firstStep, Row::lastStep)
        .containsExactly(
            tuple(true, 2L, 2.75, 1L, 2L),
            tuple(true, 1L, 4.0, 3L, 40L),
            tuple(false, 0L, 0.0, 41L, 60L),
            tuple(false, 0L, 0.0, 61L, 70L));
    assertThat(stages.rows().get(0))
        .extracting(
            Row::name,
            Row::numTrainable,
            Row::numParameters,
            Row::peakLearningRate,
            Row::lastLearningRate)
        .containsExactly("first", 7L, 9L, 0.5, 0.25);
    assertThat(stages.totalSteps()).isEqualTo(70);
    assertThat(stages.seconds()).isEqualTo(6.75);
  }

  @Test
  void thePictureHasABoxForEverythingAndGreyOnesForTheFrozen() throws IOException {
    String svg = new GrowthPicture(planned(MSLT)).svg();
    // 2 + 4 + 6 + 6 layers, embeddings and output layer in each of four stages
    assertThat(count(svg, "<rect ")).isEqualTo(18 + 8);
    // stage 2: embeddings and layers 0, 1; stage 3: embeddings and layers 0 to 3
    assertThat(count(svg, "<g class=\"frozen")).isEqualTo(3 + 5);
    assertThat(count(svg, "copied from stage")).isEqualTo(2);
    assertThat(svg).contains("<title>stage 3: layer 3 frozen</title>").doesNotContain(" id=");
  }

  @Test
  void aDepthThatCannotBeDrawnHasNoPicture() throws IOException {
    String deep = "model: {numHiddenLayers: 2147483647}\nstages: {kind: plain, steps: 7}";
    assertThat(new GrowthPicture(planned(deep)).svg()).isEmpty();
  }

  private static int count(String text, String part) {
    return (int) Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }
}
