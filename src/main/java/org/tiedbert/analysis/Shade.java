package org.tiedbert.analysis;

import java.awt.Color;

/**
 * Colours of heat maps, from white over blue to nearly black: ColorBrewer's Blues, darker at the
 * end. Lightness falls evenly, so that they are told apart in grey and by everybody.
 */
final class Shade {
  private static final int[] STOPS = {
    0xFFFFFF, 0xDEEBF7, 0xC6DBEF, 0x9ECAE1, 0x6BAED6, 0x4292C6, 0x2171B5, 0x08519C, 0x08306B
  };

  private Shade() {}

  /**
   * @param share 0 for the lightest, 1 for the darkest; what is beyond is drawn as these
   */
  static Color of(double share) {
    double place = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
    int below = (int) Math.min(place, STOPS.length - 2);
    double above = place - below;
    return new Color(mixed(below, above, 16), mixed(below, above, 8), mixed(below, above, 0));
  }

  private static int mixed(int below, double above, int shift) {
    int from = STOPS[below] >> shift & 0xFF;
    int to = STOPS[below + 1] >> shift & 0xFF;
    return (int) Math.round(from + above * (to - from));
  }
}
