package org.tiedbert.eval;

import java.util.List;

/**
 * A row of a paper's own table: development sets, in percent.
 *
 * @param name the paper and its model
 * @param average over GLUE's eight tasks
 * @param swag null where the paper has none
 */
record PublishedRow(String name, double average, Double swag) {
  private static final String AUGMENT = "Semantic-Augment: ";
  private static final String MSLT = "MSLT: ";

  static final List<PublishedRow> ALL =
      List.of(
          new PublishedRow(AUGMENT + "Tied-BERT", 78.6, 64.6),
          new PublishedRow(AUGMENT + "w = 0", 78.0, 63.9),
          new PublishedRow(AUGMENT + "baseline", 77.7, 63.5),
          new PublishedRow(MSLT + "BERT-base, MSLT", 83.3, null),
          new PublishedRow(MSLT + "BERT-base", 83.4, null),
          new PublishedRow(MSLT + "BERT-large, MSLT", 85.2, null),
          new PublishedRow(MSLT + "BERT-large", 85.3, null));
}
