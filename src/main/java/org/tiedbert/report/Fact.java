package org.tiedbert.report;

/**
 * One thing that is known, for a table of two columns or a tile.
 *
 * @param note what puts the value into proportion, or empty
 */
record Fact(String label, String value, String note) {
  Fact(String label, String value) {
    this(label, value, "");
  }
}
