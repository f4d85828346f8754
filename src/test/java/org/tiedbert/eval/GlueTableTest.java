package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tiedbert.eval.FineTuningResult.DataSetResult;
import org.tiedbert.eval.GlueData.MissingTask;
import org.tiedbert.eval.GlueResults.DataSetSpread;
import org.tiedbert.eval.GlueResults.PointResult;
import org.tiedbert.eval.GlueResults.SeedResult;
import org.tiedbert.eval.GlueResults.TaskResult;

class GlueTableTest {
  /**
   * CoLA with three seeds, MNLI with its two sets, STS-B that has no score, QQP that is missing.
   */
  private static final GlueResults RESULTS =
      new GlueResults(
          List.of(
              task("CoLA", new GridPoint(5e-5, 16, 0.01), set("dev", 0.5, 0.6, 0.55)),
              new TaskResult(
                  "STS-B",
                  List.of(
                      new PointResult(
                          new GridPoint(2e-5, 32, 0.01),
                          new SeedSpread(1, 1, null, null, null, null, null, null, null),
                          List.of(),
                          List.of(
                              new SeedResult(
                                  7,
                                  null,
                                  List.of(
                                      new DataSetResult(
                                          "dev",
                                          Map.of(),
                                          Map.of("pearson", "the predictions are constant"))),
                                  1,
                                  2.5,
                                  null)))),
                  null,
                  null),
              task(
                  "MNLI",
                  new GridPoint(3e-5, 32, 0),
                  set("dev_matched", 0.8, 0.7, 0.81),
                  set("dev_mismatched", 0.82, 0.72, 0.83)),
              task("SWAG", new GridPoint(5e-5, 16, 0.01), set("val", 0.64))),
          List.of(new MissingTask("QQP", "no train.tsv in glue/QQP")),
          30,
          8,
          (0.55 + 0.81) / 2,
          List.of("CoLA", "MNLI"));

  @Test
  void looksLikeThePapers() {
    assertThat(new GlueTable(RESULTS).markdown())
        .isEqualTo(
            """
            |  | CoLA | SST-2 | MRPC | QQP | STS-B | MNLI-m/mm | QNLI | RTE | average | SWAG |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            | this run, median of 1 to 3 seeds | 55.0 |  |  |  |  | 80.0/82.0 |  |  | 68.0 | 64.0 |
            | standard deviation | 5.0 |  |  |  |  | 6.1 |  |  |  |  |
            | lowest | 50.0 |  |  |  |  | 71.0 |  |  |  | 64.0 |
            | highest | 60.0 |  |  |  |  | 82.0 |  |  |  | 64.0 |
            | learning rate | 5e-5 |  |  |  |  | 3e-5 |  |  |  | 5e-5 |
            | batch size | 16 |  |  |  |  | 32 |  |  |  | 16 |
            | weight decay | 0.01 |  |  |  |  | 0 |  |  |  | 0.01 |
            | Semantic-Augment: Tied-BERT |  |  |  |  |  |  |  |  | 78.6 | 64.6 |
            | Semantic-Augment: w = 0 |  |  |  |  |  |  |  |  | 78.0 | 63.9 |
            | Semantic-Augment: baseline |  |  |  |  |  |  |  |  | 77.7 | 63.5 |
            | MSLT: BERT-base, MSLT |  |  |  |  |  |  |  |  | 83.3 |  |
            | MSLT: BERT-base |  |  |  |  |  |  |  |  | 83.4 |  |
            | MSLT: BERT-large, MSLT |  |  |  |  |  |  |  |  | 85.2 |  |
            | MSLT: BERT-large |  |  |  |  |  |  |  |  | 85.3 |  |

            - Not finished: 8 of 30 cells are done.
            - The average of this run is over 2 of GLUE's 8 tasks (CoLA, MNLI); it is not to be held against the papers', which are over all 8.
            - QQP is left out: no train.tsv in glue/QQP.
            - STS-B, learning rate 2e-5, batch 32, weight decay 0.01, seed 7 has no score and counts as the lowest: no pearson, since the predictions are constant.
            - Scores are those of the development sets, by which grid point and epoch were chosen: Matthews' correlation for CoLA, the mean of F1 and accuracy for MRPC and QQP, of Pearson's and Spearman's for STS-B, else accuracy. In the average MNLI counts once.
            - The papers' rows are as published; their cells are empty where no figure is known.
            """);
  }

  @Test
  void isCommaSeparatedToo() {
    assertThat(new GlueTable(RESULTS).csv())
        .startsWith(
            """
            "",CoLA,SST-2,MRPC,QQP,STS-B,MNLI-m/mm,QNLI,RTE,average,SWAG
            "this run, median of 1 to 3 seeds",55.0,,,,,80.0/82.0,,,68.0,64.0
            """);
  }

  private static TaskResult task(String name, GridPoint point, DataSetSpread... sets) {
    // MNLI's scores are the means of its sets': 0.81, 0.71, 0.82
    SeedSpread score =
        sets.length == 1 ? sets[0].score() : SeedSpread.of(SeedSpreadTest.scores(0.81, 0.71, 0.82));
    PointResult best = new PointResult(point, score, List.of(sets), List.of());
    return new TaskResult(name, List.of(best), best, null);
  }

  private static DataSetSpread set(String name, double... scores) {
    return new DataSetSpread(name, SeedSpread.of(SeedSpreadTest.scores(scores)), Map.of());
  }
}
