package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tiedbert.batch.Batch;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.corpus.Split;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StagePlan;

/** The written graphs, used as somebody would who has nothing but the files. */
class GraphFilesTest {
  private static final float LEARNING_RATE = 1e-2f;

  @TempDir Path folder;

  @Test
  void trainAsTheRunDoes() throws IOException {
    // given
    Path shards = PreTrainingSetup.shards(folder.resolve("shards"));
    PreTrainingConfig config =
        PreTrainingSetup.config(shards, "data.microBatchSize=8", "stages.retrainSteps=0");
    Batch batch = batch(config, shards);
    Path graphs = folder.resolve("graphs");
    // when
    List<Stage> stages = GraphFiles.write(config, graphs);
    // then
    assertThat(stages).hasSize(2);
    assertThat(graphs.toFile().list())
        .containsExactlyInAnyOrder("stage-1.pb", "stage-1.json", "stage-2.pb", "stage-2.json");
    List<StepMetrics> expected = trainedByTheRun(config, stages.get(1), batch);
    List<float[]> found = trainedByTheFiles(graphs.resolve("stage-2"), batch);
    for (int step = 0; step < 2; step++) {
      assertThat(found.get(step)[0]).isCloseTo((float) expected.get(step).total(), within(1e-5f));
      assertThat(found.get(step)[1])
          .isCloseTo((float) expected.get(step).crossEntropy(), within(1e-5f));
    }
    assertThat(expected.get(1).total()).isNotCloseTo(expected.get(0).total(), within(1e-2));
  }

  @Test
  void aCompiledStepIsOneProgramOfTheFilesToo() throws IOException {
    // given
    Path shards = PreTrainingSetup.shards(folder.resolve("shards"));
    PreTrainingConfig config =
        PreTrainingSetup.config(
            shards, "data.microBatchSize=8", "engine.xla=full", "stages.retrainSteps=0");
    Batch batch = batch(config, shards);
    PreTrainingConfig plain =
        PreTrainingSetup.config(shards, "data.microBatchSize=8", "stages.retrainSteps=0");
    // when
    List<Stage> stages = GraphFiles.write(config, folder.resolve("graphs"));
    // then
    StepMetrics expected = trainedByTheRun(plain, stages.get(1), batch).get(0);
    assertThat(aWholeStepOfTheFiles(folder.resolve("graphs/stage-2"), batch))
        .containsExactly(
            new float[] {(float) expected.total(), (float) expected.gradientNorm()}, within(1e-4f));
  }

  /** Its loss and its gradients' norm. */
  private static float[] aWholeStepOfTheFiles(Path stage, Batch batch) throws IOException {
    JsonNode names =
        new ObjectMapper().readTree(stage.resolveSibling(stage.getFileName() + ".json").toFile());
    try (Graph graph = new Graph();
        Tensor learningRate = TFloat32.scalarOf(LEARNING_RATE);
        Tensor lossLimit = TFloat32.scalarOf(Float.POSITIVE_INFINITY)) {
      graph.importGraphDef(
          GraphDef.parseFrom(
              Files.readAllBytes(stage.resolveSibling(stage.getFileName() + ".pb"))));
      try (Session session = new Session(graph)) {
        initialize(session, names);
        Session.Runner step =
            runner(session, names, "step")
                .feed(feed(names, "learningRate"), learningRate)
                .feed(feed(names, "lossLimit"), lossLimit);
        return run(
            step,
            names,
            batch,
            5,
            result ->
                new float[] {
                  ((TFloat32) result.get(0)).getFloat(0), ((TFloat32) result.get(1)).getFloat()
                });
      }
    }
  }

  private static void initialize(Session session, JsonNode names) {
    Session.Runner initialize = session.runner();
    names
        .get("variables")
        .forEach(variable -> initialize.addTarget(variable.get("assign").asText()));
    initialize.run().close();
  }

  private static Batch batch(PreTrainingConfig config, Path shards) {
    try (ShardReader reader =
        ShardReader.open(shards, Split.TRAIN, PreTrainingSetup.vocabulary())) {
      return PlanTable.firstBatch(PreTrainingSetup.graphs(config).share(), reader);
    }
  }

  private static List<StepMetrics> trainedByTheRun(
      PreTrainingConfig config, Stage stage, Batch batch) {
    StagePlan plan = config.stages().build(config.model().numHiddenLayers(), config.learningRate());
    StageGraphs graphs = PreTrainingSetup.graphs(config);
    List<StepMetrics> metrics = new ArrayList<>();
    try (StageSession session = graphs.openFresh(plan, stage)) {
      for (long step = 5; step < 7; step++) {
        metrics.add(session.computeGradients(batch, step));
        session.update(step, LEARNING_RATE, metrics.get(0).gradientNorm());
      }
    }
    return metrics;
  }

  /** Two updates, and a checkpoint. */
  private List<float[]> trainedByTheFiles(Path stage, Batch batch) throws IOException {
    JsonNode names =
        new ObjectMapper().readTree(stage.resolveSibling(stage.getFileName() + ".json").toFile());
    List<float[]> metrics = new ArrayList<>();
    try (Graph graph = new Graph()) {
      graph.importGraphDef(
          GraphDef.parseFrom(
              Files.readAllBytes(stage.resolveSibling(stage.getFileName() + ".pb"))));
      try (Session session = new Session(graph)) {
        initialize(session, names);
        for (long step = 5; step < 7; step++) {
          metrics.add(gradients(session, names, batch, step));
          update(session, names, step);
        }
        requireSaves(session, names);
      }
    }
    return metrics;
  }

  private static Session.Runner runner(Session session, JsonNode names, String program) {
    Session.Runner runner = session.runner();
    JsonNode whatToRun = names.get("programs").get(program);
    whatToRun.get("targets").forEach(target -> runner.addTarget(target.asText()));
    whatToRun.get("fetches").forEach(fetch -> runner.fetch(fetch.get("tensor").asText()));
    return runner;
  }

  private static float[] gradients(Session session, JsonNode names, Batch batch, long step) {
    return run(
        runner(session, names, "set_gradients"),
        names,
        batch,
        step,
        result -> {
          TFloat32 metrics = (TFloat32) result.get(0);
          return new float[] {metrics.getFloat(0), metrics.getFloat(1)};
        });
  }

  private static float[] run(
      Session.Runner runner,
      JsonNode names,
      Batch batch,
      long step,
      Function<Result, float[]> read) {
    Shape tokens = Shape.of(batch.batchSize(), batch.maxSeqLength());
    try (Tensor inputIds = TInt32.tensorOf(tokens, DataBuffers.of(batch.inputIds()));
        Tensor segmentIds = TInt32.tensorOf(tokens, DataBuffers.of(batch.segmentIds()));
        Tensor labels = TInt32.vectorOf(batch.nextSentenceLabels());
        Tensor number = TInt64.scalarOf(step);
        Tensor firstPlace = TInt64.scalarOf(0);
        Result result =
            runner
                .feed(feed(names, "inputIds"), inputIds)
                .feed(feed(names, "segmentIds"), segmentIds)
                .feed(feed(names, "nextSentenceLabels"), labels)
                .feed(feed(names, "step"), number)
                .feed(feed(names, "firstPlace"), firstPlace)
                .run()) {
      return read.apply(result);
    }
  }

  /** Clips by the graph's own scale. */
  private static void update(Session session, JsonNode names, long step) {
    try (Tensor number = TInt64.scalarOf(step);
        Tensor learningRate = TFloat32.scalarOf(LEARNING_RATE)) {
      runner(session, names, "update")
          .feed(feed(names, "step"), number)
          .feed(feed(names, "learningRate"), learningRate)
          .run()
          .close();
    }
  }

  private void requireSaves(Session session, JsonNode names) {
    Path prefix = folder.resolve("saved");
    try (Tensor path = TString.scalarOf(prefix.toString())) {
      session
          .runner()
          .feed(feed(names, "savePrefix"), path)
          .addTarget(names.get("save").asText())
          .run()
          .close();
    }
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      names
          .get("variables")
          .forEach(variable -> assertThat(bundle.names()).contains(variable.get("name").asText()));
    }
  }

  private static String feed(JsonNode names, String name) {
    return names.get("feeds").get(name).get("tensor").asText();
  }
}
