package org.tiedbert.train;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * One update, as a person is told of it.
 *
 * @param stage number of the stage, counted from 1, of {@code numStages}
 * @param step number of the update in the run, counted from 1, of {@code totalSteps}
 * @param loss total loss L = CE + w·MSE
 * @param crossEntropy CE of the masked positions, in nats, mean over the views
 * @param consistency MSE of the views' features, before the weight w; NaN with one view
 * @param accuracy of the masked positions, in [0, 1], mean over the views
 * @param nextSentenceAccuracy in [0, 1], where the model has that head
 * @param gradientNorm global norm before clipping
 * @param sequencesPerSecond over the last few updates
 * @param flopUtilisation model FLOPs per second over what the machine reaches, in [0, 1]
 * @param sentBytes that each worker sent to the others, 0 without others
 * @param remaining estimated time to the end of the run
 */
public record StepReport(
    int stage,
    int numStages,
    String stageName,
    long step,
    long totalSteps,
    double loss,
    double crossEntropy,
    double consistency,
    double accuracy,
    OptionalDouble nextSentenceAccuracy,
    double learningRate,
    double gradientNorm,
    double sequencesPerSecond,
    OptionalDouble flopUtilisation,
    long sentBytes,
    Duration remaining) {}
