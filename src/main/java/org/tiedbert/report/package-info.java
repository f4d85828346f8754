/**
 * A run into one page. {@link org.tiedbert.report.RunReport} reads a run's directory, whatever
 * state it is in, and writes HTML that needs nothing beside it. Each part of the page is a {@code
 * Section} with a template of its own under {@code src/main/resources}; the templates escape what
 * they print, and only pictures drawn here go in as they are.
 */
package org.tiedbert.report;
