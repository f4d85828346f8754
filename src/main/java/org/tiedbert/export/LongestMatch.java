package org.tiedbert.export;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * The longest token at every place of a row of characters: as many steps through a {@link
 * PieceTrie} as its longest token has characters, from all places at once. Places from where no
 * token goes on are left behind after a few steps, and again later. Dimensions: D places, n of them
 * left.
 */
final class LongestMatch {
  /** After how many steps to leave places behind; text in a language loses most by the fourth. */
  private static final List<Integer> NARROWINGS = List.of(3, 6, 10);

  private static final int NO_CELL = 0;

  private final Ops tf;
  private final PieceTrie trie;
  private final Operand<TInt32> check;
  private final Operand<TInt32> base;
  private final Operand<TInt32> match;

  LongestMatch(Ops tf, PieceTrie trie, SharedConstants constants) {
    this.tf = tf;
    this.trie = trie;
    this.check = constants.of(tf, trie.check());
    this.base = constants.of(tf, trie.base());
    this.match = constants.of(tf, trie.match());
  }

  /**
   * @param states int32 [D], to start in
   * @param characterIds int32 [D + {@link PieceTrie#maxLength}], zeros after the first D
   * @return int32 [D], see {@link PieceTrie#match}
   */
  Operand<TInt32> apply(Operand<TInt32> states, Operand<TInt32> characterIds) {
    Operand<TInt32> numPlaces = tf.shape(states); // [1]
    int numSteps = Math.min(NARROWINGS.get(0), trie.maxLength());
    List<Operand<TInt32>> columns = new ArrayList<>();
    for (int step = 0; step < numSteps; step++) {
      columns.add(tf.slice(characterIds, tf.array(step), numPlaces)); // [D]
    }
    Walk walk = new Walk(states, tf.zerosLike(states)).along(columns);
    if (trie.maxLength() > numSteps) {
      Operand<TInt64> left = walk.left(); // [n, 1]
      Operand<TInt32> starts = tf.dtypes.cast(tf.reshape(left, tf.array(-1)), TInt32.class); // [n]
      Operand<TInt32> ends = goOn(walk.at(left), starts, characterIds, 1); // [n]
      walk = walk.endingIn(left, ends);
    }
    return tf.gather(match, walk.cells, tf.constant(0)); // [D]
  }

  private Operand<TInt32> goOn(
      Walk begun, Operand<TInt32> starts, Operand<TInt32> characterIds, int narrowing) {
    int from = NARROWINGS.get(narrowing - 1);
    int to = narrowing < NARROWINGS.size() ? NARROWINGS.get(narrowing) : trie.maxLength();
    to = Math.min(to, trie.maxLength());
    int[] steps = new int[to - from];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = from + i;
    }
    Operand<TInt32> places =
        tf.math.add(tf.expandDims(starts, tf.constant(1)), tf.constant(steps)); // [n, steps]
    Operand<TInt32> window = tf.gather(characterIds, places, tf.constant(0)); // [n, steps]
    List<Operand<TInt32>> columns = new ArrayList<>();
    tf.unstack(window, (long) steps.length, Unstack.axis(1L)).output().forEach(columns::add);
    Walk walk = begun.along(columns);
    if (to == trie.maxLength()) {
      return walk.cells;
    }
    Operand<TInt64> left = walk.left();
    Operand<TInt32> fewer = tf.gather(starts, tf.reshape(left, tf.array(-1)), tf.constant(0));
    return walk.endingIn(left, goOn(walk.at(left), fewer, characterIds, narrowing + 1)).cells;
  }

  /** Places under way: int32 [n] each, the state that each is in and the last cell it was in. */
  private final class Walk {
    final Operand<TInt32> states;
    final Operand<TInt32> cells;

    Walk(Operand<TInt32> states, Operand<TInt32> cells) {
      this.states = states;
      this.cells = cells;
    }

    /** One step for each column of characters, int32 [n]. */
    Walk along(List<Operand<TInt32>> columns) {
      Walk walk = this;
      for (Operand<TInt32> characters : columns) {
        walk = walk.step(characters);
      }
      return walk;
    }

    private Walk step(Operand<TInt32> characters) {
      Operand<TInt32> next = tf.math.add(states, characters); // [n]
      Operand<TInt32> owner = tf.gather(check, next, tf.constant(0)); // [n]
      Operand<TBool> led = tf.math.equal(owner, states); // [n]
      Operand<TInt32> reached = tf.select(led, next, tf.constant(NO_CELL)); // [n]
      return new Walk(tf.gather(base, reached, tf.constant(0)), tf.select(led, next, cells));
    }

    /** int64 [n, 1], the places not yet in a dead end. */
    Operand<TInt64> left() {
      return tf.where(tf.math.notEqual(states, tf.constant(trie.dead())));
    }

    Walk at(Operand<TInt64> places) {
      Operand<TInt64> flat = tf.reshape(places, tf.array(-1));
      return new Walk(
          tf.gather(states, flat, tf.constant(0)), tf.gather(cells, flat, tf.constant(0)));
    }

    Walk endingIn(Operand<TInt64> places, Operand<TInt32> ends) {
      return new Walk(states, tf.tensorScatterNdUpdate(cells, places, ends));
    }
  }
}
