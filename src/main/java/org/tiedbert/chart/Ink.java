package org.tiedbert.chart;

import java.util.Locale;

/**
 * What a series is drawn with.
 *
 * @param color its number among the house's colours, from 0, which also chooses the marker; after
 *     the last colour the first one comes again with another marker; {@link #NEUTRAL} for grey
 * @param stroke of the line that joins points
 * @param markers of points
 */
public record Ink(int color, Stroke stroke, Markers markers) {
  /** The colour of what belongs to no series. */
  public static final int NEUTRAL = -1;

  /** Kind of line. */
  public enum Stroke {
    NONE,
    SOLID,
    DASHED,
    DOTTED
  }

  /** How points are marked. */
  public enum Markers {
    NONE,
    SHAPES,
    /** Small and half transparent. */
    DOTS
  }

  public Ink {
    if (color < NEUTRAL) {
      throw new IllegalArgumentException("color must be a number from 0, got " + color);
    }
  }

  /** Joined and marked points: values that were measured at a few places. */
  public static Ink marked(int color) {
    return new Ink(color, Stroke.SOLID, Markers.SHAPES);
  }

  /** A line without markers: values at so many places that these would touch. */
  public static Ink line(int color) {
    return new Ink(color, Stroke.SOLID, Markers.NONE);
  }

  /** A dashed line with markers: values of another kind, of something that has a line too. */
  public static Ink dashed(int color) {
    return new Ink(color, Stroke.DASHED, Markers.SHAPES);
  }

  /** A dotted line: a place, and no values. */
  public static Ink dotted(int color) {
    return new Ink(color, Stroke.DOTTED, Markers.NONE);
  }

  /** Markers alone. */
  public static Ink points(int color) {
    return new Ink(color, Stroke.NONE, Markers.SHAPES);
  }

  /** Markers alone, of so many points that these lie on one another. */
  public static Ink dots(int color) {
    return new Ink(color, Stroke.NONE, Markers.DOTS);
  }

  /** The colour as CSS has it, such as {@code #0072b2}. */
  public String css() {
    return String.format(Locale.ROOT, "#%06x", HouseStyle.color(this).getRGB() & 0xFFFFFF);
  }

  boolean hasLine() {
    return stroke != Stroke.NONE;
  }

  boolean hasMarkers() {
    return markers != Markers.NONE;
  }
}
