/**
 * Turns gradients into one update of the parameters. {@link org.tiedbert.optim.LearningRate} says
 * how far a step goes, {@link org.tiedbert.optim.Optimizer} in which direction, {@link
 * org.tiedbert.optim.GlobalNormClip} how long a gradient may be. What builds graphs here is pure:
 * operands in, operands out, all float32; the caller owns the variables and assigns.
 */
package org.tiedbert.optim;
