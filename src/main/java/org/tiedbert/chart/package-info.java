/**
 * Numbers into charts, as PNG and as SVG. A {@link org.tiedbert.chart.Picture} has one or several
 * {@link org.tiedbert.chart.Panel}s: plots, bars and heat maps. JFreeChart draws them; this package
 * says what and in which style.
 */
package org.tiedbert.chart;
