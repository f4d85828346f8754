package org.tiedbert.analysis;

import java.util.List;

/** One pair of axes and what is drawn between them; a figure has one or several. */
public sealed interface Panel permits Plot, Bars, HeatMap {
  /** Above it; empty where the figure has one panel and a caption says it all. */
  String title();

  /** The entries of the legend, in order. */
  List<Key> keys();

  /** The height that suits a width, in pixels. */
  double height(double width);

  /** Draws into the rectangle from the upper left corner, which is white. */
  void paint(Canvas canvas, double width, double height);

  /** An entry of a figure's legend. */
  record Key(String name, Ink ink) {}
}
