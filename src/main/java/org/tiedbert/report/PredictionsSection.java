package org.tiedbert.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tiedbert.eval.DevPrediction;

/** What the best model of a fine-tuning run says of its dev sets, right and wrong. */
final class PredictionsSection implements SectionSource {
  private static final int NUM_WRONG = 8;
  private static final int NUM_RIGHT = 4;
  private static final int MAX_CHARACTERS = 300;

  /**
   * An example and what was said of it.
   *
   * @param verdict {@code right}, {@code wrong}, or empty for a score, which is neither
   */
  record Row(List<String> texts, String target, String prediction, String verdict) {}

  /**
   * One dev set.
   *
   * @param matrix of classes; empty where there are none or too many
   * @param scatter of scores; none where there are none
   * @param rows examples, the wrong ones first
   */
  record DataSet(
      String name,
      String numExamples,
      ConfusionMatrix.Model matrix,
      List<ChartImage> scatter,
      List<ConfusionMatrix.Confusion> confusions,
      List<Row> rows) {
    boolean hasMatrix() {
      return !matrix.labels().isEmpty();
    }

    boolean hasConfusions() {
      return !confusions.isEmpty();
    }
  }

  record Model(List<DataSet> dataSets) {}

  @Override
  public Optional<Section> of(RunContents run) {
    Map<String, List<DevPrediction>> byDataSet =
        run.predictions().stream()
            .collect(
                Collectors.groupingBy(
                    DevPrediction::dataSet, LinkedHashMap::new, Collectors.toList()));
    if (byDataSet.isEmpty()) {
      return Optional.empty();
    }
    List<DataSet> dataSets = new ArrayList<>();
    byDataSet.forEach((name, predictions) -> dataSets.add(dataSet(name, predictions)));
    return Optional.of(
        new Section("predictions", "Predictions", "predictions", new Model(dataSets)));
  }

  private static DataSet dataSet(String name, List<DevPrediction> predictions) {
    boolean scores = predictions.stream().allMatch(DevPrediction::isScore);
    String number = Numbers.of(predictions.size(), "example");
    if (scores) {
      ScatterPlot plot = new ScatterPlot(predictions);
      return new DataSet(
          name,
          number,
          ConfusionMatrix.Model.NONE,
          plot.picture().stream().map(ChartImage::of).toList(),
          List.of(),
          scoreRows(plot.farthestFirst()));
    }
    ConfusionMatrix matrix = new ConfusionMatrix(predictions);
    return new DataSet(
        name, number, matrix.model(), List.of(), matrix.mostFrequent(), rows(predictions));
  }

  private static List<Row> rows(List<DevPrediction> predictions) {
    List<DevPrediction> wrong = predictions.stream().filter(p -> !p.matches()).toList();
    List<DevPrediction> right = predictions.stream().filter(DevPrediction::matches).toList();
    return Stream.concat(spread(wrong, NUM_WRONG).stream(), spread(right, NUM_RIGHT).stream())
        .map(PredictionsSection::row)
        .toList();
  }

  private static List<Row> scoreRows(List<DevPrediction> farthestFirst) {
    return farthestFirst.stream().limit(NUM_WRONG).map(PredictionsSection::row).toList();
  }

  /** So many from the whole list, at equal distances. */
  private static List<DevPrediction> spread(List<DevPrediction> all, int number) {
    int taken = Math.min(number, all.size());
    List<DevPrediction> spread = new ArrayList<>();
    for (int i = 0; i < taken; i++) {
      spread.add(all.get((int) ((long) i * all.size() / taken)));
    }
    return spread;
  }

  private static Row row(DevPrediction prediction) {
    String said = prediction.prediction();
    return prediction.isScore()
        ? new Row(texts(prediction.inputs()), prediction.target(), rounded(said), "")
        : new Row(
            texts(prediction.inputs()),
            prediction.target(),
            said,
            prediction.matches() ? "right" : "wrong");
  }

  /** One or two texts, or a line for each choice with its number. */
  private static List<String> texts(List<List<String>> inputs) {
    if (inputs.size() == 1) {
      return inputs.get(0).stream().map(PredictionsSection::shortened).toList();
    }
    return IntStream.range(0, inputs.size())
        .mapToObj(i -> "%d: %s".formatted(i + 1, shortened(String.join(" | ", inputs.get(i)))))
        .toList();
  }

  private static String rounded(String score) {
    try {
      return Numbers.decimal(Double.parseDouble(score), 2);
    } catch (NumberFormatException e) {
      return score;
    }
  }

  private static String shortened(String text) {
    if (text.codePointCount(0, text.length()) <= MAX_CHARACTERS) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, MAX_CHARACTERS)) + "…";
  }
}
