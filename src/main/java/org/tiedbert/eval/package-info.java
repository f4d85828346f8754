/**
 * A checkpoint into scores: labelled text, tasks and their metrics, fine-tuning, and the grid of
 * GLUE.
 */
package org.tiedbert.eval;
