package org.tiedbert.cluster;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** What workers tell one another between the runs of their training graphs. */
final class Exchange implements AutoCloseable {
  /** Ints of a message that are sent at once, the first being its bytes in all. */
  private static final int BLOCK = 1024;

  private static final int BYTES_PER_BLOCK = (BLOCK - 1) * Integer.BYTES;

  /** One operation in a session of its own. */
  private record Step(Graph graph, Session session, Operand<?> own, Operand<?> all)
      implements AutoCloseable {
    Session.Runner feed(Tensor value) {
      return session.runner().feed(own, value).fetch(all);
    }

    @Override
    public void close() {
      try (graph) {
        session.close();
      }
    }
  }

  /** What a collective operation makes of a worker's own value. */
  private interface Operation<T extends TType> {
    Operand<T> of(Ops tf, Operand<T> own);
  }

  private final WorkerServer server;
  private final RunWatch watch;
  private final Collectives collectives;
  private final Step block;
  private final Map<Integer, Step> sums = new HashMap<>();

  Exchange(WorkerServer server, RunWatch watch, Collectives collectives) {
    this.server = server;
    this.watch = watch;
    this.collectives = collectives;
    this.block = step(TInt32.class, BLOCK, collectives::fromChief);
  }

  private <T extends TType> Step step(Class<T> type, int length, Operation<T> operation) {
    Graph graph = new Graph();
    try {
      Ops tf = Ops.create(graph);
      Operand<T> own = tf.placeholder(type, Placeholder.shape(Shape.of(length)));
      Operand<T> all = operation.of(tf, own);
      return new Step(graph, server.open(graph), own, all);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  double[] sum(double[] own) {
    Step step = sums.computeIfAbsent(own.length, n -> step(TFloat64.class, n, collectives::sum));
    double[] all = new double[own.length];
    try (Tensor value = TFloat64.vectorOf(own);
        Result result = watch.run(step.feed(value))) {
      ((TFloat64) result.get(0)).asRawTensor().data().asDoubles().read(all);
    }
    return all;
  }

  /** Block by block: the operation's shape is static, the message's is not. */
  byte[] fromChief(byte[] own) {
    ByteBuffer message = null;
    int sent = 0;
    do {
      int size = Math.max(0, Math.min(BYTES_PER_BLOCK, own.length - sent));
      ByteBuffer came = block(own.length, Arrays.copyOfRange(own, sent, sent + size));
      sent += size;
      int length = came.getInt();
      message = message == null ? ByteBuffer.allocate(length) : message;
      message.put(came.limit(Math.min(came.limit(), came.position() + message.remaining())));
    } while (message.hasRemaining());
    return message.array();
  }

  private ByteBuffer block(int length, byte[] part) {
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Integer.BYTES).putInt(length).put(part);
    int[] own = new int[BLOCK];
    bytes.rewind().asIntBuffer().get(own);
    int[] came = new int[BLOCK];
    try (Tensor value = TInt32.tensorOf(Shape.of(BLOCK), DataBuffers.of(own));
        Result result = watch.run(block.feed(value))) {
      ((TInt32) result.get(0)).asRawTensor().data().asInts().read(came);
    }
    ByteBuffer all = ByteBuffer.allocate(BLOCK * Integer.BYTES);
    all.asIntBuffer().put(came);
    return all;
  }

  @Override
  public void close() {
    block.close();
    sums.values().forEach(Step::close);
  }
}
