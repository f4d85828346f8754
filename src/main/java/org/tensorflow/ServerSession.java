package org.tensorflow;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.ConfigProto;

/**
 * A session whose graph runs in a TensorFlow server. TensorFlow Java has the parts of it, but no
 * public way to name the server; this class is in its package for the constructor that takes them.
 */
public final class ServerSession {
  private ServerSession() {}

  /**
   * @param target of the server, {@code grpc://host:port}, as its cluster names it
   * @return owned by the caller, who closes it before the graph
   */
  @SuppressWarnings("try") // the scope is what frees status and options
  public static Session open(Graph graph, String target, ConfigProto config) {
    byte[] bytes = config.toByteArray();
    try (PointerScope scope = new PointerScope();
        Graph.Reference reference = graph.ref();
        BytePointer configPointer = new BytePointer(bytes)) {
      TF_Status status = TF_Status.newStatus();
      TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
      tensorflow.TF_SetTarget(options, target);
      tensorflow.TF_SetConfig(options, configPointer, bytes.length, status);
      status.throwExceptionIfNotOK();
      TF_Session session = TF_Session.newSession(reference.nativeHandle(), options, status);
      status.throwExceptionIfNotOK();
      return new Session(graph, session.retainReference());
    }
  }
}
