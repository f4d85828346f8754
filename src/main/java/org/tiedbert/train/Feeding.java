package org.tiedbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tiedbert.batch.Batch;

/** The tensors fed to one run of a graph, closed after it. */
final class Feeding implements AutoCloseable {
  private final Session.Runner runner;
  private final Feeds feeds;
  private final List<Tensor> tensors = new ArrayList<>();

  Feeding(Session.Runner runner, Feeds feeds) {
    this.runner = runner;
    this.feeds = feeds;
  }

  Session.Runner runner() {
    return runner;
  }

  /** Consecutive sequences of a batch. */
  Feeding sequences(Batch batch, int first, int size) {
    int length = batch.maxSeqLength();
    Shape tokens = Shape.of(size, length);
    int from = first * length;
    int to = from + size * length;
    feed(feeds.inputIds(), ints(tokens, Arrays.copyOfRange(batch.inputIds(), from, to)));
    feed(feeds.segmentIds(), ints(tokens, Arrays.copyOfRange(batch.segmentIds(), from, to)));
    feed(
        feeds.nextSentenceLabels(),
        ints(Shape.of(size), Arrays.copyOfRange(batch.nextSentenceLabels(), first, first + size)));
    return this;
  }

  Feeding firstPlace(long place) {
    feed(feeds.firstPlace(), TInt64.scalarOf(place));
    return this;
  }

  Feeding step(long step) {
    feed(feeds.step(), TInt64.scalarOf(step));
    return this;
  }

  Feeding scalar(Operand<TFloat32> operand, float value) {
    feed(operand, TFloat32.scalarOf(value));
    return this;
  }

  Feeding floats(Operand<TFloat32> operand, float[] values) {
    feed(operand, TFloat32.vectorOf(values));
    return this;
  }

  private static TInt32 ints(Shape shape, int[] values) {
    return TInt32.tensorOf(shape, DataBuffers.of(values));
  }

  private void feed(Operand<?> operand, Tensor tensor) {
    tensors.add(tensor);
    runner.feed(operand, tensor);
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }
}
