package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bars from zero, side by side for each category.
 *
 * @param categories below the bars, at least one
 * @param groups one value a category each
 */
public record Bars(
    String title, String categoryTitle, List<String> categories, Axis y, List<Group> groups)
    implements Panel {
  private static final double MAX_LABEL = 110;
  private static final Canvas.Pen ERROR_BAR = new Canvas.Pen(Lettering.COLOR, 1.2, 0);

  public Bars {
    categories = List.copyOf(categories);
    groups = List.copyOf(groups);
    if (y.scale() == Axis.Scale.LOG) {
      throw new IllegalArgumentException("bars begin at zero, which no logarithmic axis has");
    }
    for (Group group : groups) {
      if (group.values.length != categories.size()) {
        throw new IllegalArgumentException(
            "bars need a value for each of %d categories, %s has %d"
                .formatted(categories.size(), group.name, group.values.length));
      }
    }
  }

  /**
   * Bars of one colour.
   *
   * @param values what is no finite number has no bar
   * @param errors half the lengths of error bars
   */
  public record Group(String name, double[] values, Optional<double[]> errors, int color) {
    public Group {
      values = values.clone();
      errors = errors.map(double[]::clone);
    }

    @Override
    public double[] values() {
      return values.clone();
    }

    @Override
    public Optional<double[]> errors() {
      return errors.map(double[]::clone);
    }
  }

  @Override
  public List<Key> keys() {
    return groups.size() < 2
        ? List.of()
        : groups.stream().map(group -> new Key(group.name, Ink.points(group.color))).toList();
  }

  @Override
  public double height(double width) {
    return 0.72 * width;
  }

  @Override
  public void paint(Canvas canvas, double width, double height) {
    Lettering lettering = Lettering.TICK;
    double room = (width - 80) / categories.size();
    boolean turned = lettering.widest(categories) > room - 6;
    double below = turned ? Math.min(MAX_LABEL, lettering.widest(categories)) : lettering.size();
    Frame.Scaled shown = Frame.around(y, values());
    Axis x = Axis.whole(categoryTitle);
    Frame frame = new Frame(canvas, width, height, title, shown, below, x);
    frame.paintYTicks();
    double share = (frame.right() - frame.left()) / categories.size();
    for (int i = 0; i < categories.size(); i++) {
      double middle = frame.left() + (i + 0.5) * share;
      paintCategory(canvas, frame, i, middle, share * (groups.size() == 1 ? 0.55 : 0.8));
      if (turned) {
        frame.turnedLabel(lettering.fitted(categories.get(i), MAX_LABEL), middle);
      } else {
        frame.label(categories.get(i), middle);
      }
    }
    frame.paintBorder();
  }

  /** All ends of bars and error bars, and zero, from where bars begin. */
  private List<Double> values() {
    List<Double> values = new ArrayList<>();
    values.add(0.0);
    for (Group group : groups) {
      double[] errors = group.errors.orElseGet(() -> new double[group.values.length]);
      for (int i = 0; i < group.values.length; i++) {
        values.add(group.values[i] - errors[i]);
        values.add(group.values[i] + errors[i]);
      }
    }
    return values;
  }

  private void paintCategory(
      Canvas canvas, Frame frame, int category, double middle, double width) {
    double bar = width / groups.size();
    for (int g = 0; g < groups.size(); g++) {
      Group group = groups.get(g);
      double value = group.values[category];
      if (!Double.isFinite(value)) {
        continue;
      }
      double x = middle - width / 2 + g * bar;
      double zero = Math.min(frame.bottom(), Math.max(frame.top(), frame.placeY(0)));
      double end = Math.min(frame.bottom(), Math.max(frame.top(), frame.placeY(value)));
      canvas.fill(
          x + 0.5,
          Math.min(zero, end),
          bar - 1,
          Math.abs(end - zero),
          HouseStyle.color(Ink.points(group.color)));
      if (group.errors.isPresent()) {
        frame.paintError(x + bar / 2, value, group.errors.get()[category], ERROR_BAR);
      }
    }
  }
}
