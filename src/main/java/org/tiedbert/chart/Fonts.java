package org.tiedbert.chart;

import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.awt.font.FontRenderContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.tiedbert.text.InputException;

/** Letters of all pictures. */
final class Fonts {
  /** All are as wide as Helvetica, so an SVG looks alike wherever it is shown. */
  private static final List<String> FAMILIES =
      List.of("Helvetica", "Arial", "Liberation Sans", "Nimbus Sans");

  /** What they are called in an SVG. */
  static final String SVG_FAMILIES =
      "Helvetica, Arial, 'Liberation Sans', 'Nimbus Sans', sans-serif";

  private Fonts() {}

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
  static void require() {
    require(() -> width("a", of(12)));
  }

  /** By what drawing text throws; Java has an error or an exception for everything it lacks. */
  static void require(Runnable use) {
    try {
      use.run();
    } catch (RuntimeException | Error e) {
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

  /**
   * @param size in pixels
   */
  static Font of(int size) {
    return new Font(Family.NAME, Font.PLAIN, size);
  }

  static Font bold(int size) {
    return new Font(Family.NAME, Font.BOLD, size);
  }

  /** In pixels. */
  static double width(String text, Font font) {
    FontRenderContext exact = new FontRenderContext(null, true, true);
    return font.getStringBounds(text, exact).getWidth();
  }

  /** The widest of several texts; 0 of none. */
  static double widest(List<String> texts, Font font) {
    return texts.stream().mapToDouble(text -> width(text, font)).max().orElse(0);
  }

  /** The text, or its beginning and end, so that it is no wider than given. */
  static String fitted(String text, Font font, double width) {
    String fitted = text;
    for (int kept = text.length() - 1; kept > 0 && width(fitted, font) > width; kept--) {
      int head = kept / 2;
      fitted = text.substring(0, head) + "\u2026" + text.substring(text.length() - kept + head);
    }
    return fitted;
  }
}
