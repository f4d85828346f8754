package org.tiedbert.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.eval.FineTuningConfig.Checkpoints;
import org.tiedbert.eval.FineTuningConfig.Evaluation;
import org.tiedbert.eval.FineTuningConfig.Rate;
import org.tiedbert.eval.FineTuningConfig.Weights;
import org.tiedbert.optim.AdamW;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.text.InputException;

/**
 * Everything that decides on a table of GLUE: a {@link FineTuningConfig} for each task, grid point
 * and seed.
 *
 * @param init the model to start from: a run, a checkpoint or an imported model
 * @param weights whether its weights are taken, or its shape and vocabulary alone
 * @param data the folder that holds each task's under the task's name
 * @param tasks names of {@link GlueTasks}
 * @param seeds of new parameters, order and dropout; scores are medians over them
 * @param grid what is searched over
 * @param epochs passes over the training set
 * @param epochsOf tasks that have another number
 * @param maxSeqLength tokens of an input, special ones included; longer ones are cut
 * @param warmupFraction of all steps, in [0, 1); then the learning rate falls to 0
 * @param optimizer the update of each parameter; the decay is in the grid
 * @param clip bound on the gradients' norm
 * @param evaluation when the development sets are scored; the best score counts
 * @param checkpoint how often a cell that is killed can be continued from
 * @param engine precision, compiler and device
 */
public record GlueConfig(
    Path init,
    Weights weights,
    Path data,
    List<String> tasks,
    List<Long> seeds,
    Grid grid,
    int epochs,
    List<TaskEpochs> epochsOf,
    int maxSeqLength,
    double warmupFraction,
    Adam optimizer,
    GlobalNormClip clip,
    Evaluation evaluation,
    Checkpoints checkpoint,
    EngineConfig engine) {

  /** Every combination is a {@link GridPoint}. */
  public record Grid(
      List<Double> learningRates, List<Integer> batchSizes, List<Double> weightDecays) {
    public Grid {
      learningRates = distinct("learningRates", learningRates);
      batchSizes = distinct("batchSizes", batchSizes);
      weightDecays = distinct("weightDecays", weightDecays);
      points(learningRates, batchSizes, weightDecays);
    }

    /** All of them, learning rates first. */
    public List<GridPoint> points() {
      return points(learningRates, batchSizes, weightDecays);
    }

    private static List<GridPoint> points(
        List<Double> learningRates, List<Integer> batchSizes, List<Double> weightDecays) {
      List<GridPoint> points = new ArrayList<>();
      for (double weightDecay : weightDecays) {
        for (int batchSize : batchSizes) {
          for (double learningRate : learningRates) {
            points.add(new GridPoint(learningRate, batchSize, weightDecay));
          }
        }
      }
      return points;
    }
  }

  /** A task that is not trained for as long as the others. */
  public record TaskEpochs(String task, int epochs) {
    public TaskEpochs {
      task = known(task);
      requireEpochs(epochs);
    }
  }

  /** {@link AdamW} without its decay. */
  public record Adam(double beta1, double beta2, double epsilon, boolean biasCorrection) {
    public Adam {
      new AdamW(beta1, beta2, epsilon, 0, biasCorrection);
    }

    AdamW withDecay(double weightDecay) {
      return new AdamW(beta1, beta2, epsilon, weightDecay, biasCorrection);
    }
  }

  /** Gives the tasks their names as GLUE writes them. */
  public GlueConfig {
    tasks = distinct("tasks", tasks.stream().map(GlueConfig::known).toList());
    seeds = distinct("seeds", seeds);
    epochsOf = List.copyOf(epochsOf);
    requireEpochs(epochs);
    if (new HashSet<>(epochsOf.stream().map(TaskEpochs::task).toList()).size() < epochsOf.size()) {
      throw new IllegalArgumentException("epochsOf must name each task once, got " + epochsOf);
    }
    if (!(warmupFraction >= 0 && warmupFraction < 1)) {
      throw new IllegalArgumentException(
          "warmupFraction must be at least 0 and below 1, got " + warmupFraction);
    }
    if (maxSeqLength < 8) {
      throw new IllegalArgumentException("maxSeqLength must be at least 8, got " + maxSeqLength);
    }
  }

  /** The same from another model. */
  public GlueConfig withInit(Path other) {
    return new GlueConfig(
        other,
        weights,
        data,
        tasks,
        seeds,
        grid,
        epochs,
        epochsOf,
        maxSeqLength,
        warmupFraction,
        optimizer,
        clip,
        evaluation,
        checkpoint,
        engine);
  }

  /** The same for other cells. */
  public GlueConfig withCells(List<String> otherTasks, List<Long> otherSeeds, Grid otherGrid) {
    return new GlueConfig(
        init,
        weights,
        data,
        otherTasks,
        otherSeeds,
        otherGrid,
        epochs,
        epochsOf,
        maxSeqLength,
        warmupFraction,
        optimizer,
        clip,
        evaluation,
        checkpoint,
        engine);
  }

  /** How long a task is trained for. */
  public int epochs(String task) {
    return epochsOf.stream()
        .filter(other -> other.task.equals(task))
        .mapToInt(TaskEpochs::epochs)
        .findFirst()
        .orElse(epochs);
  }

  /** The cells of some tasks: all with the first seed first, so that there is a table early. */
  public List<GlueCell> cells(List<String> tasksThere) {
    List<GlueCell> cells = new ArrayList<>();
    for (long seed : seeds) {
      for (String task : tasksThere) {
        grid.points().forEach(point -> cells.add(new GlueCell(task, point, seed)));
      }
    }
    return cells;
  }

  /** What a cell trains. */
  public FineTuningConfig fineTuning(GlueCell cell) {
    return new FineTuningConfig(
        cell.seed(),
        init,
        weights,
        new TaskConfig.Glue(cell.task(), data),
        maxSeqLength,
        cell.point().batchSize(),
        epochs(cell.task()),
        new Rate(cell.point().learningRate(), warmupFraction),
        optimizer.withDecay(cell.point().weightDecay()),
        clip,
        evaluation,
        checkpoint,
        engine);
  }

  private static String known(String task) {
    try {
      return GlueTasks.named(task).name();
    } catch (InputException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static void requireEpochs(int epochs) {
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs must be at least 1, got " + epochs);
    }
  }

  private static <T> List<T> distinct(String name, List<T> values) {
    if (values.isEmpty() || new HashSet<>(values).size() < values.size()) {
      throw new IllegalArgumentException(
          "%s must be one or several different ones, got %s".formatted(name, values));
    }
    return List.copyOf(values);
  }
}
