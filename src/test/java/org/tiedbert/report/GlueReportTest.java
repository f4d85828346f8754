package org.tiedbert.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.eval.AdversarialResults;
import org.tiedbert.eval.AdversarialResults.SetResult;
import org.tiedbert.eval.FineTuningResult.DataSetResult;
import org.tiedbert.eval.Glue;
import org.tiedbert.eval.GlueResults;
import org.tiedbert.eval.GlueResults.DataSetSpread;
import org.tiedbert.eval.GlueResults.PointResult;
import org.tiedbert.eval.GlueResults.SeedResult;
import org.tiedbert.eval.GlueResults.TaskResult;
import org.tiedbert.eval.GridPoint;
import org.tiedbert.eval.SeedSpread;

/** Pages of tables of GLUE, from files such as those leave. */
class GlueReportTest {
  @TempDir Path folder;

  @BeforeEach
  void aTable() throws IOException {
    RunDirectory.createOrContinue(folder).lock().close();
    Files.writeString(
        folder.resolve("config.yaml"),
        """
        init: runs/mine
        seeds: [1, 2]
        grid: {learningRates: [0.00005, 0.00002], batchSizes: [16], weightDecays: [0.01]}
        epochs: 3
        """);
  }

  private void results(int numCells) throws IOException {
    // of two seeds 0.5 and 0.75 the median is the mean 0.625, the deviation 0.25 / √2 = 0.1768
    SeedSpread score = new SeedSpread(2, 0, 0.625, 0.625, 0.1768, 0.5, 0.5625, 0.6875, 0.75);
    PointResult best =
        new PointResult(
            new GridPoint(2e-5, 16, 0.01),
            score,
            List.of(new DataSetSpread("dev", score, Map.of())),
            List.of(
                new SeedResult(1, 0.5, List.of(), 10, 30, null),
                new SeedResult(2, 0.75, List.of(), 10, 60, null)));
    GlueResults results =
        new GlueResults(
            List.of(new TaskResult("RTE", List.of(best), best, null)),
            List.of(),
            numCells,
            2,
            0.625,
            List.of("RTE"));
    Files.write(
        folder.resolve(Glue.RESULTS), JsonMapper.builder().build().writeValueAsBytes(results));
  }

  private String read() {
    return new RunReport(folder, DefaultSettings.NONE, true)
        .html()
        .replaceFirst("(?s)<style>.*?</style>", "")
        .replaceAll("<[^>]*>", " ")
        .replaceAll("\\s+", " ");
  }

  @Test
  void showsThePapersTableAndEveryGridPoint() throws IOException {
    results(2);
    assertThat(read())
        .contains("TiedBERT GLUE run", "finished Finished, 2 of 2 cells done.")
        .contains(
            "Fine-tuned from runs/mine at every point of a grid: learning rates 0.00005, 0.00002;")
        .contains("Average 62.5 over 1 task", "Cells done 2 of 2", "Time 1 min 30 s in cells")
        .contains("this run, median of 2 seeds 62.5 62.5 standard deviation 17.7 lowest 50.0")
        .contains("RTE 2e-5 16 0.01 2 62.5 17.7 50.0 75.0")
        .contains("The average of this run is over 1 of GLUE&#39;s 8 tasks (RTE)")
        .doesNotContain("AdvGLUE", "no curves yet", "Checkpoints", "Stages");
  }

  @Test
  void showsAdversarialSetsBesideCleanOnes() throws IOException {
    results(4);
    SetResult set =
        new SetResult(
            "qqp",
            "QQP",
            78,
            "cells/QQP/x",
            new DataSetResult("dev", Map.of("accuracy", 0.875), Map.of()),
            new DataSetResult("qqp", Map.of("accuracy", 0.25), Map.of()));
    Files.write(
        folder.resolve(AdversarialResults.FILE_NAME),
        JsonMapper.builder()
            .build()
            .writeValueAsBytes(new AdversarialResults(List.of(set), List.of())));
    assertThat(read())
        .contains("stopped Stopped with 2 of 4 cells done.")
        .contains("AdvGLUE metric examples clean adversarial difference")
        .contains("qqp accuracy 78 87.5 25.0 -62.5");
  }

  @Test
  void aTableWithoutACellOrWithADamagedOneIsShownAsFarAsItGoes() throws IOException {
    assertThat(read()).contains("Stopped with 0 of the cells done.", "No cell is done yet.");
    Files.writeString(folder.resolve(Glue.RESULTS), "{\"tasks\": [");
    assertThat(read())
        .contains("Not everything could be read", "must hold what came of a table of GLUE");
  }
}
