package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.stage.Decay;
import org.tiedbert.stage.LearningRateSchedule;
import org.tiedbert.stage.LearningRateSchedule.Scope;
import org.tiedbert.stage.MomentPolicy;
import org.tiedbert.stage.StageMethod;
import org.tiedbert.stage.StagePlan;

class PlanTableTest {
  @TempDir Path folder;

  @Test
  void countsWhatEveryStageTrainsAndCosts() {
    // given
    Path shards = PreTrainingSetup.shards(folder.resolve("shards"));
    // when
    PlanTable table = PlanTable.measure(PreTrainingSetup.config(shards));
    // then: embeddings 58·16 + 2·16 + 16·16 + 2·16 = 1248, a layer 4·(16² + 16) + (16·32 + 32) +
    // (32·16 + 16) + 4·16 = 2224, the head 16² + 16 + 2·16 + 58 = 362, a pooler at rest 16² + 16
    assertThat(table.rows())
        .extracting(PlanTable.Row::numTrainable)
        .containsExactly(1248L + 2224 + 362, 2224L + 362, 1248L + 2 * 2224 + 362);
    assertThat(table.rows())
        .extracting(PlanTable.Row::numParameters)
        .containsExactly(4106L, 6330L, 6330L);
    // 8 sequences in each of 5, 6 and 4 steps
    assertThat(table.rows()).extracting(PlanTable.Row::numSequences).containsExactly(40L, 48L, 32L);
    // a layer 16·(8·16² + 4·16·32) + 4·16²·16 = 81,920, the head 3·(2·16·58 + 2·16²) = 7104; 8
    // sequences in 2 views: 16·(3 + 3·head), 16·(1 + 3 layers + 2·head), 16·(6 layers + 3·head)
    assertThat(table.rows())
        .extracting(PlanTable.Row::flopsPerStep)
        .containsExactly(
            16 * (3 * 81_920L + 3 * 7104),
            16 * (4 * 81_920L + 2 * 7104),
            16 * (6 * 81_920L + 3 * 7104));
    // 15·8,205,312 over 5·4,273,152 + 6·5,470,208 + 4·8,205,312
    assertThat(table.speedUp()).isCloseTo(1.41457, within(1e-5));
    assertThat(table.rows()).allMatch(row -> row.secondsPerStep() > 0);
    assertThat(table.measuredSpeedUp()).isPresent();
  }

  @Test
  void comparesWithAStageThatTrainsEverythingAtFullDepth() {
    // given: 5·1 + 6·2 + 4·3 = 29 s in place of 15·3
    PlanTable table = table(new StageMethod.Mslt(List.of(5L, 6L), 4, MomentPolicy.COPY), 1, 2, 3);
    // then
    assertThat(table.seconds()).isEqualTo(29);
    assertThat(table.measuredSpeedUp().orElseThrow()).isCloseTo(45 / 29.0, within(1e-12));
  }

  @Test
  void trainingEverythingIsNoSpeedUpOverItself() {
    assertThat(table(new StageMethod.Plain(9), 0.1).measuredSpeedUp()).hasValue(1);
  }

  @Test
  void knowsNoSpeedUpWhereNothingTrainsEverything() {
    PlanTable table = table(new StageMethod.Mslt(List.of(5L, 6L), 0, MomentPolicy.COPY), 1, 2);
    assertThat(table.measuredSpeedUp()).isEqualTo(OptionalDouble.empty());
  }

  private static PlanTable table(StageMethod method, double... secondsPerStep) {
    StagePlan plan =
        method.build(
            2, new LearningRateSchedule(1e-3, 1, new Decay.Linear(), Scope.RUN, List.of()));
    return new PlanTable(
        IntStream.range(0, secondsPerStep.length)
            .mapToObj(
                i -> new PlanTable.Row(plan.stages().get(i), 1, 1, 1, 1, 1, secondsPerStep[i]))
            .toList(),
        1);
  }
}
