package org.tiedbert.train;

/**
 * How fast one stage trains.
 *
 * @param name of the stage
 * @param numLayers that exist in it
 * @param numTrainable values that train
 * @param flopsPerStep operations of the model's matrix products in a step
 * @param firstStepSeconds of the step in which TensorFlow prepares the graph and XLA compiles it
 * @param seconds of a step, once warm
 * @param sequencesPerSecond at the median
 * @param utilisation operations a second at the median, of those of a large matrix product
 * @param parts where a step's time goes
 */
public record StageSpeed(
    String name,
    int numLayers,
    long numTrainable,
    long flopsPerStep,
    double firstStepSeconds,
    StepTimes seconds,
    double sequencesPerSecond,
    double utilisation,
    Parts parts) {

  /**
   * Shares of a step's median time, in [0, 1]; the rest is forward and backward.
   *
   * @param input waiting for a batch and making tensors of it; batches are read by another thread
   * @param noise of all views; it is measured by itself, so with all cores at its disposal
   * @param update the optimizer, the norm of the gradients not included; measured by itself too
   */
  public record Parts(double input, double noise, double update) {
    /**
     * From seconds.
     *
     * @param median of a step
     * @param input waiting and feeding together
     */
    static Parts of(double median, double input, double noise, double update) {
      return new Parts(input / median, noise / median, update / median);
    }
  }
}
