package org.tiedbert.engine;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Session;
import org.tensorflow.types.family.TType;

/**
 * What is run of a graph at once.
 *
 * @param name such as {@code add_gradients}; no other program of the graph has it
 * @param feeds what a run feeds, each the only output of its operation. A program that XLA compiles
 *     takes them as arguments: one that is not fed is computed outside of it
 * @param fetches what a run gives, in this order
 * @param targets what a run does besides
 */
public record Program(
    String name, List<Operand<?>> feeds, List<Operand<?>> fetches, List<Operation> targets) {
  public Program {
    feeds = List.copyOf(feeds);
    fetches = List.copyOf(fetches);
    targets = List.copyOf(targets);
  }

  /** One of the fetches, of a type that the caller knows. */
  @SuppressWarnings("unchecked")
  public <T extends TType> Operand<T> fetch(int index) {
    return (Operand<T>) fetches.get(index);
  }

  /** Has a run fetch and do what this is; what is fed is up to the caller. */
  public Session.Runner addTo(Session.Runner runner) {
    fetches.forEach(runner::fetch);
    targets.forEach(runner::addTarget);
    return runner;
  }

  /** The same program in a graph that was rewritten from this one's. */
  public Program in(Graph rewritten) {
    return new Program(
        name,
        feeds.stream().<Operand<?>>map(feed -> GraphPass.find(rewritten, feed)).toList(),
        fetches.stream().<Operand<?>>map(fetch -> GraphPass.find(rewritten, fetch)).toList(),
        targets.stream()
            .<Operation>map(target -> rewritten.operationOrThrow(target.name()))
            .toList());
  }
}
