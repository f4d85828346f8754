package org.tiedbert.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How often each word comes in a stream of lines, in bounded memory and by several threads. Lines
 * are cut into blocks by their number of characters, blocks are counted side by side and added up
 * in their order, and whenever the words are too many the rarest are forgotten, so that the counts
 * depend on nothing but the sequence of lines.
 */
final class WordCounts {
  /** Characters a block has at least; a block may hold some 10⁵ distinct words, 10 MB. */
  private static final int BLOCK_CHARS = 1 << 20;

  private static final int MAX_WORDS = 2_000_000;

  private final boolean lowerCase;
  private final int numThreads;
  private final int blockChars;
  private final int maxWords;
  private final Map<String, Long> counts = new HashMap<>();
  private List<String> block = new ArrayList<>();
  private long charsInBlock;

  WordCounts(boolean lowerCase, int numThreads) {
    this(lowerCase, numThreads, BLOCK_CHARS, MAX_WORDS);
  }

  WordCounts(boolean lowerCase, int numThreads, int blockChars, int maxWords) {
    if (numThreads < 1) {
      throw new IllegalArgumentException("numThreads must be at least 1, got " + numThreads);
    }
    this.lowerCase = lowerCase;
    this.numThreads = numThreads;
    this.blockChars = blockChars;
    this.maxWords = maxWords;
  }

  void add(Iterator<String> lines) {
    ExecutorService threads = Executors.newFixedThreadPool(numThreads);
    try {
      Deque<Future<Map<String, Long>>> counting = new ArrayDeque<>();
      while (lines.hasNext()) {
        String line = lines.next();
        block.add(line);
        charsInBlock += line.length() + 1;
        if (charsInBlock >= blockChars) {
          List<String> full = takeBlock();
          counting.add(threads.submit(() -> count(full)));
          if (counting.size() > numThreads) {
            merge(join(counting.remove()));
          }
        }
      }
      while (!counting.isEmpty()) {
        merge(join(counting.remove()));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** The counts of all lines so far; a view, good until more are added. */
  Map<String, Long> counts() {
    merge(count(takeBlock()));
    return Collections.unmodifiableMap(counts);
  }

  private List<String> takeBlock() {
    List<String> full = block;
    block = new ArrayList<>();
    charsInBlock = 0;
    return full;
  }

  private Map<String, Long> count(List<String> lines) {
    Map<String, Long> counted = new HashMap<>();
    BasicTokenizer basicTokenizer = new BasicTokenizer(lowerCase);
    for (String line : lines) {
      basicTokenizer.split(
          line,
          word -> {
            if (word.codePointCount(0, word.length()) <= TokenizerJson.MAX_CHARS_PER_WORD) {
              counted.merge(word, 1L, Long::sum);
            }
          });
    }
    return counted;
  }

  private void merge(Map<String, Long> more) {
    more.forEach((word, count) -> counts.merge(word, count, Long::sum));
    if (counts.size() > maxWords) {
      // Down to half, or the next block would have to forget again.
      for (long rare = 1; counts.size() > maxWords / 2; rare++) {
        long most = rare;
        counts.values().removeIf(count -> count <= most);
      }
    }
  }

  private static Map<String, Long> join(Future<Map<String, Long>> counting) {
    try {
      return counting.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while counting words", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("counting words failed", e.getCause());
    }
  }
}
