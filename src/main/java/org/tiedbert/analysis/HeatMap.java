package org.tiedbert.analysis;

import java.util.List;

/**
 * A matrix as square cells, the first row on top, with a bar that says what the colours are. Drawn
 * here, since XChart's has no square cells and puts the first row at the bottom.
 *
 * @param columns below the cells, one for each column of the matrix
 * @param rows left of the cells, one for each row
 * @param values rows of equal length; what is no finite number is left white
 * @param range what the lightest and the darkest colour stand for
 * @param valueTitle what the colours measure
 * @param numbers whether the values are written into the cells
 */
public record HeatMap(
    String title,
    String columnTitle,
    List<String> columns,
    String rowTitle,
    List<String> rows,
    double[][] values,
    Axis.Range range,
    String valueTitle,
    boolean numbers)
    implements Panel {
  public HeatMap {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    if (rows.isEmpty() || columns.isEmpty() || values.length != rows.size()) {
      throw new IllegalArgumentException(
          "a heat map of %d rows and %d columns needs as many values, got %d rows"
              .formatted(rows.size(), columns.size(), values.length));
    }
    double[][] copy = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      if (values[i].length != columns.size()) {
        throw new IllegalArgumentException(
            "a heat map needs %d values a row, row %d has %d"
                .formatted(columns.size(), i, values[i].length));
      }
      copy[i] = values[i].clone();
    }
    values = copy;
  }

  @Override
  public double[][] values() {
    double[][] copy = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      copy[i] = values[i].clone();
    }
    return copy;
  }

  @Override
  public List<Key> keys() {
    return List.of();
  }

  @Override
  public double height(double width) {
    return HeatMapPainter.height(this, width);
  }

  @Override
  public void paint(Canvas canvas, double width, double height) {
    new HeatMapPainter(this, canvas, width, height).paint();
  }
}
