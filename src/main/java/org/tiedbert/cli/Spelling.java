package org.tiedbert.cli;

import com.google.common.base.CaseFormat;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How names of settings and choices are written, and which one a misspelt name may have meant. */
final class Spelling {
  private Spelling() {}

  /** {@code WHOLE_WORD} as {@code wholeWord}. */
  static String ofConstant(Enum<?> constant) {
    return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.LOWER_CAMEL, constant.name());
  }

  /** {@code AdamW} as {@code adamW}. */
  static String ofVariant(Class<?> variant) {
    String name = variant.getSimpleName();
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /** Whether two names differ in nothing but case, {@code -} and {@code _}. */
  static boolean same(String one, String other) {
    return bare(one).equals(bare(other));
  }

  /** The name that is most like {@code given}, if one is like it at all. */
  static Optional<String> nearest(String given, Collection<String> names) {
    int mostEdits = Math.max(2, given.length() / 3);
    return names.stream()
        .min(Comparator.comparingInt(name -> numEdits(bare(given), bare(name))))
        .filter(name -> numEdits(bare(given), bare(name)) <= mostEdits);
  }

  private static String bare(String name) {
    return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance: letters to insert, delete or replace, row by row of its table. */
  private static int numEdits(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[to.length()];
  }
}
