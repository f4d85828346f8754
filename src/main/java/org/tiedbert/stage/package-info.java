/**
 * Turns a plan into which parameters train when. A {@link org.tiedbert.stage.StageMethod} and a
 * {@link org.tiedbert.stage.LearningRateSchedule} are the settings; together they make a {@link
 * org.tiedbert.stage.StagePlan}, the table of {@link org.tiedbert.stage.Stage}s that a run follows.
 * {@link org.tiedbert.stage.StageCost} says what a stage costs and {@link
 * org.tiedbert.stage.ScheduleFit} makes a plan meet a wall-clock budget. Parameters are known by
 * google-research/bert's names. Nothing here builds a graph.
 */
package org.tiedbert.stage;
