package org.tiedbert.train;

/**
 * A stage that begins, as a person is told of it.
 *
 * @param stage its number, counted from 1, of {@code numStages}
 * @param name such as "grow layers 3-4"
 * @param numLayers encoder layers the model has in it
 * @param numTrainable parameters that train, counted in scalars
 * @param numParameters all parameters, counted in scalars
 * @param sentBytes that each worker sends to the others in each update, 0 without others
 * @param firstStep number of its first update in the run, counted from 1
 * @param lastStep number of its last update
 */
public record StageReport(
    int stage,
    int numStages,
    String name,
    int numLayers,
    long numTrainable,
    long numParameters,
    long sentBytes,
    long firstStep,
    long lastStep) {}
