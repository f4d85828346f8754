package org.tiedbert.analysis;

import java.awt.Color;
import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.awt.font.FontRenderContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.tiedbert.text.InputException;

/**
 * Size, weight and colour of a figure's texts, and how much room these take.
 *
 * @param size in pixels
 */
public record Lettering(int size, boolean bold, Color color) {
  static final Color COLOR = new Color(0x22, 0x22, 0x22);
  static final Lettering TITLE = new Lettering(14, true);
  static final Lettering AXIS = new Lettering(14, false);
  static final Lettering TICK = new Lettering(13, false);

  /** All are as wide as Helvetica, so an SVG looks alike wherever it is shown. */
  private static final List<String> FAMILIES =
      List.of("Helvetica", "Arial", "Liberation Sans", "Nimbus Sans");

  /** What they are called in an SVG. */
  static final String SVG_FAMILIES =
      "Helvetica, Arial, 'Liberation Sans', 'Nimbus Sans', sans-serif";

  Lettering(int size, boolean bold) {
    this(size, bold, COLOR);
  }

  /** The same in another colour. */
  Lettering in(Color other) {
    return new Lettering(size, bold, other);
  }

  /** The first of them on this machine; found at the first use, since looking may fail. */
  private static final class Family {
    static final String NAME = find();

    private static String find() {
      if (System.getProperty("java.awt.headless") == null) {
        System.setProperty("java.awt.headless", "true");
      }
      Set<String> available =
          Set.of(
              GraphicsEnvironment.getLocalGraphicsEnvironment()
                  .getAvailableFontFamilyNames(Locale.ROOT));
      return FAMILIES.stream().filter(available::contains).findFirst().orElse(Font.SANS_SERIF);
    }
  }

  /**
   * Finds out whether text can be drawn.
   *
   * @throws InputException if this Java has no fonts
   */
  static void requireFonts() {
    requireFonts(() -> TICK.width("a"));
  }

  /** By what drawing text throws; Java has an error or an exception for everything it lacks. */
  static void requireFonts(Runnable use) {
    try {
      use.run();
    } catch (LinkageError | InternalError | RuntimeException e) {
      throw new InputException(
          "figures need fonts and this Java finds none; install fontconfig and a font, such as the"
              + " packages fontconfig and fonts-liberation (Java says: %s)".formatted(reason(e)),
          e);
    }
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString().lines().findFirst().orElse("");
  }

  Font font() {
    return new Font(Family.NAME, bold ? Font.BOLD : Font.PLAIN, size);
  }

  double width(String text) {
    FontRenderContext exact = new FontRenderContext(null, true, true);
    return text.isEmpty() ? 0 : font().getStringBounds(text, exact).getWidth();
  }

  /** The widest of several texts; 0 of none. */
  double widest(List<String> texts) {
    return texts.stream().mapToDouble(this::width).max().orElse(0);
  }

  /** Half the height of capitals: from the baseline to the middle of a text. */
  double half() {
    return 0.36 * size;
  }

  /** The text, or its beginning and end, so that it is no wider than given. */
  String fitted(String text, double width) {
    if (width(text) <= width) {
      return text;
    }
    int length = text.length();
    for (int kept = length - 1; kept > 1; kept--) {
      int head = kept / 2;
      String shorter = text.substring(0, head) + "\u2026" + text.substring(length - kept + head);
      if (width(shorter) <= width) {
        return shorter;
      }
    }
    return "\u2026";
  }
}
