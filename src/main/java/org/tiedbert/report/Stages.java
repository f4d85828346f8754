package org.tiedbert.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.stage.Decay;
import org.tiedbert.stage.LearningRateSchedule;
import org.tiedbert.stage.MomentPolicy;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StageMethod;
import org.tiedbert.stage.TrainableSet;

/**
 * The stages of a pre-training run: as planned by its settings, and what became of them by its
 * metrics.
 */
record Stages(List<Row> rows) {
  private static final String LAYER = "bert/encoder/layer_%d/attention/self/query/kernel";
  private static final String EMBEDDINGS = "bert/embeddings/word_embeddings";

  Stages {
    rows = List.copyOf(rows);
  }

  /**
   * One stage.
   *
   * @param number from 1
   * @param numLayers depth of the encoder
   * @param firstTrainedLayer layers from here on train, those below are frozen; from 0
   * @param embeddingsTrain whether the embeddings do
   * @param begun whether it has, and the numbers below are known
   * @param numTrainable trained scalars
   * @param numParameters all scalars
   * @param firstStep number of its first update by what is known of the plan, from 1
   * @param lastStep number of its last update by what is known of the plan
   * @param numSteps updates that were done
   * @param seconds that these took, evaluations and checkpoints apart
   * @param peakLearningRate the largest of these updates
   * @param lastLearningRate that of the last of them
   */
  record Row(
      int number,
      String name,
      int numLayers,
      int firstTrainedLayer,
      boolean embeddingsTrain,
      boolean begun,
      long numTrainable,
      long numParameters,
      long firstStep,
      long lastStep,
      long numSteps,
      double seconds,
      double peakLearningRate,
      double lastLearningRate) {

    long numPlanned() {
      return lastStep - firstStep + 1;
    }

    boolean trainsAll() {
      return embeddingsTrain && firstTrainedLayer == 0;
    }

    boolean trains(int layer) {
      return layer >= firstTrainedLayer;
    }
  }

  /** Empty where neither settings nor metrics say what the stages are. */
  static Stages of(Settings settings, Metrics metrics, Optional<TrainingState> state) {
    List<Stage> planned = planned(settings);
    int known = Math.max(planned.size(), metrics.stages().size());
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < known; i++) {
      int index = i;
      Optional<Stage> plan = i < planned.size() ? Optional.of(planned.get(i)) : Optional.empty();
      Optional<JsonNode> line =
          metrics.stages().stream()
              .filter(stage -> stage.path("stage").asInt() == index + 1)
              .reduce((first, second) -> second);
      if (plan.isPresent() || line.isPresent()) {
        long before = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).lastStep();
        long last = lastStep(i, plan, line, state);
        rows.add(row(i, plan, line, before, last, metrics.steps()));
      }
    }
    return new Stages(rows);
  }

  /** A budget of time moves it: a stage's line knows of it when it begins, a state from then on. */
  private static long lastStep(
      int index, Optional<Stage> plan, Optional<JsonNode> line, Optional<TrainingState> state) {
    boolean newer = line.isPresent() && state.map(at -> at.stage() < index).orElse(true);
    if (!newer && state.isPresent() && index < state.get().stageLastSteps().size()) {
      return state.get().stageLastSteps().get(index);
    }
    return line.map(stage -> stage.path("lastStep").asLong())
        .orElseGet(() -> plan.orElseThrow().lastStep());
  }

  private static Row row(
      int index,
      Optional<Stage> plan,
      Optional<JsonNode> line,
      long stepsBefore,
      long lastStep,
      StepColumns steps) {
    int numLayers =
        line.map(stage -> stage.path("numLayers").asInt())
            .orElseGet(() -> plan.orElseThrow().numLayers());
    TrainableSet trainable =
        plan.<TrainableSet>map(Stage::trainable).orElse(new TrainableSet.Everything());
    int firstTrained = 0;
    while (firstTrained < numLayers && !trainable.contains(LAYER.formatted(firstTrained))) {
      firstTrained++;
    }
    Updates updates = Updates.of(index + 1, steps);
    return new Row(
        index + 1,
        line.map(stage -> stage.path("name").asText()).orElseGet(() -> plan.orElseThrow().name()),
        numLayers,
        firstTrained,
        trainable.contains(EMBEDDINGS),
        line.isPresent(),
        line.map(stage -> stage.path("numTrainable").asLong()).orElse(0L),
        line.map(stage -> stage.path("numParameters").asLong()).orElse(0L),
        line.map(stage -> stage.path("step").asLong()).orElse(stepsBefore + 1),
        lastStep,
        updates.number,
        updates.seconds,
        updates.peakLearningRate,
        updates.lastLearningRate);
  }

  /** What the lines of one stage's updates add up to. */
  private record Updates(
      long number, double seconds, double peakLearningRate, double lastLearningRate) {

    static Updates of(int stage, StepColumns steps) {
      double[] stages = steps.column("stage");
      double[] seconds = steps.column("seconds");
      double[] rates = steps.column("learningRate");
      long number = 0;
      double sum = 0;
      double peak = Double.NaN;
      double last = Double.NaN;
      for (int i = 0; i < stages.length; i++) {
        if (stages[i] == stage) {
          number++;
          sum += Double.isNaN(seconds[i]) ? 0 : seconds[i];
          peak = Double.isNaN(peak) ? rates[i] : Math.max(peak, rates[i]);
          last = rates[i];
        }
      }
      return new Updates(number, sum, peak, last);
    }
  }

  /** By the settings alone; none where they are missing or make no plan. */
  private static List<Stage> planned(Settings settings) {
    int depth = (int) settings.number("model.numHiddenLayers").orElse(0);
    List<Long> steps = settings.longs("stages.steps");
    long retrain = (long) settings.number("stages.retrainSteps").orElse(0);
    LearningRateSchedule any =
        new LearningRateSchedule(
            1, 0, new Decay.Linear(), LearningRateSchedule.Scope.RUN, List.of());
    try {
      return switch (settings.text("stages.kind").orElse("")) {
        case "plain" -> new StageMethod.Plain(steps.get(0)).build(depth, any).stages();
        case "mslt" ->
            new StageMethod.Mslt(steps, retrain, MomentPolicy.COPY).build(depth, any).stages();
        case "stacking" ->
            new StageMethod.Stacking(steps, MomentPolicy.COPY).build(depth, any).stages();
        default -> List.of();
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return List.of();
    }
  }

  /** The last update of the whole plan, 0 where there is none. */
  long totalSteps() {
    return rows.isEmpty() ? 0 : rows.get(rows.size() - 1).lastStep();
  }

  /** Whether the encoder gets layers on the way. */
  boolean grow() {
    return rows.get(0).numLayers() < rows.get(rows.size() - 1).numLayers();
  }

  double seconds() {
    return rows.stream().mapToDouble(Row::seconds).sum();
  }
}
