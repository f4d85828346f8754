package org.tiedbert.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tiedbert.report.Stages.Row;

/** What trained when, as a picture and a table. */
final class StagesSection implements SectionSource {

  /**
   * A stage in words.
   *
   * @param numTrainable scalars that train, {@code share} of {@code numParameters}
   * @param time in steps, {@code timeShare} of that of all stages
   */
  record Line(
      String name,
      String layers,
      String trains,
      String numTrainable,
      String share,
      String numParameters,
      String steps,
      String learningRate,
      String timePerStep,
      String time,
      String timeShare) {}

  /**
   * @param grows whether later stages have more layers
   * @param picture SVG
   */
  record Model(boolean grows, String picture, List<Line> lines) {}

  @Override
  public Optional<Section> of(RunContents run) {
    Stages stages = Stages.of(run.settings(), run.metrics(), run.state());
    if (run.kind() != RunKind.PRE_TRAINING || stages.rows().isEmpty()) {
      return Optional.empty();
    }
    List<Line> lines = new ArrayList<>();
    stages.rows().forEach(row -> lines.add(line(row, stages.seconds())));
    Model model = new Model(stages.grow(), new GrowthPicture(stages).svg(), lines);
    return Optional.of(new Section("stages", "Stages", "stages", model));
  }

  private static Line line(Row row, double allSeconds) {
    boolean begun = row.begun();
    boolean timed = row.numSteps() > 0 && allSeconds > 0;
    return new Line(
        "%d · %s".formatted(row.number(), row.name()),
        Integer.toString(row.numLayers()),
        trains(row),
        begun ? Numbers.count(row.numTrainable()) : "",
        begun ? Numbers.percent((double) row.numTrainable() / row.numParameters()) : "",
        begun ? Numbers.count(row.numParameters()) : "",
        steps(row),
        begun ? rate(row) : "",
        timed ? Numbers.decimal(1000 * row.seconds() / row.numSteps(), 1) + " ms" : "",
        timed ? Numbers.duration(row.seconds()) : "",
        timed ? Numbers.percent(row.seconds() / allSeconds) : "");
  }

  private static String trains(Row row) {
    if (row.trainsAll()) {
      return "everything";
    }
    int first = row.firstTrainedLayer();
    int last = row.numLayers() - 1;
    String layers = first == last ? "layer " + first : "layers %d–%d".formatted(first, last);
    return first > last ? "output layer" : layers + " and output layer";
  }

  private static String steps(Row row) {
    if (!row.begun()) {
      return "not begun, %s planned".formatted(Numbers.count(row.numPlanned()));
    }
    return row.numSteps() >= row.numPlanned()
        ? Numbers.count(row.numSteps())
        : "%s of %s".formatted(Numbers.count(row.numSteps()), Numbers.count(row.numPlanned()));
  }

  private static String rate(Row row) {
    return "%s → %s"
        .formatted(Numbers.small(row.peakLearningRate()), Numbers.small(row.lastLearningRate()));
  }
}
