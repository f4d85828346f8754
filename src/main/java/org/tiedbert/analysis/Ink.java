package org.tiedbert.analysis;

/**
 * What a series is drawn with.
 *
 * @param color its number among the house's colours, from 0, which also chooses the marker; after
 *     the last colour the first one comes again with another marker; {@link #NEUTRAL} for grey
 * @param stroke of the line that joins points
 * @param markers whether points are marked
 */
public record Ink(int color, Stroke stroke, boolean markers) {
  /** The colour of what belongs to no series. */
  public static final int NEUTRAL = -1;

  /** Kind of line. */
  public enum Stroke {
    NONE,
    SOLID,
    DASHED,
    DOTTED
  }

  public Ink {
    if (color < NEUTRAL) {
      throw new IllegalArgumentException("color must be a number from 0, got " + color);
    }
  }

  /** Joined and marked points: values that were measured at a few places. */
  public static Ink marked(int color) {
    return new Ink(color, Stroke.SOLID, true);
  }

  /** A line without markers: values at so many places that these would touch. */
  public static Ink line(int color) {
    return new Ink(color, Stroke.SOLID, false);
  }

  /** A dashed line with markers: values of another kind, of something that has a line too. */
  public static Ink dashed(int color) {
    return new Ink(color, Stroke.DASHED, true);
  }

  /** A dotted line: a place, and no values. */
  public static Ink dotted(int color) {
    return new Ink(color, Stroke.DOTTED, false);
  }

  /** Markers alone. */
  public static Ink points(int color) {
    return new Ink(color, Stroke.NONE, true);
  }

  boolean line() {
    return stroke != Stroke.NONE;
  }
}
