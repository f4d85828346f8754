package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps what is drawn within a rectangle. */
record Clip(double left, double top, double right, double bottom) {
  private record Segment(double x1, double y1, double x2, double y2) {}

  boolean contains(double x, double y) {
    return x >= left && x <= right && y >= top && y <= bottom;
  }

  /** Draws the parts of a line that are within. */
  void line(Canvas canvas, double[] x, double[] y, Canvas.Pen pen) {
    List<double[]> run = new ArrayList<>();
    for (int i = 1; i < x.length; i++) {
      Optional<Segment> seen = seen(new Segment(x[i - 1], y[i - 1], x[i], y[i]));
      if (seen.isEmpty()) {
        draw(canvas, run, pen);
        continue;
      }
      Segment part = seen.get();
      if (run.isEmpty() || part.x1 != x[i - 1] || part.y1 != y[i - 1]) {
        draw(canvas, run, pen);
        run.add(new double[] {part.x1, part.y1});
      }
      run.add(new double[] {part.x2, part.y2});
    }
    draw(canvas, run, pen);
  }

  private static void draw(Canvas canvas, List<double[]> run, Canvas.Pen pen) {
    if (!run.isEmpty()) {
      canvas.line(
          run.stream().mapToDouble(point -> point[0]).toArray(),
          run.stream().mapToDouble(point -> point[1]).toArray(),
          pen);
    }
    run.clear();
  }

  /** The part of a segment that is within (Liang and Barsky 1984). */
  private Optional<Segment> seen(Segment s) {
    double dx = s.x2 - s.x1;
    double dy = s.y2 - s.y1;
    double[] toward = {-dx, dx, -dy, dy};
    double[] room = {s.x1 - left, right - s.x1, s.y1 - top, bottom - s.y1};
    double enter = 0;
    double leave = 1;
    for (int side = 0; side < 4; side++) {
      if (toward[side] == 0 && room[side] < 0) {
        return Optional.empty();
      }
      if (toward[side] < 0) {
        enter = Math.max(enter, room[side] / toward[side]);
      } else if (toward[side] > 0) {
        leave = Math.min(leave, room[side] / toward[side]);
      }
    }
    return enter > leave
        ? Optional.empty()
        : Optional.of(
            new Segment(
                enter == 0 ? s.x1 : s.x1 + enter * dx,
                enter == 0 ? s.y1 : s.y1 + enter * dy,
                leave == 1 ? s.x2 : s.x1 + leave * dx,
                leave == 1 ? s.y2 : s.y1 + leave * dy));
  }
}
