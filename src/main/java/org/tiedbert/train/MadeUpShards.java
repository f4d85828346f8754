package org.tiedbert.train;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.corpus.ShardWriter;
import org.tiedbert.corpus.Split;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/**
 * Shards of sequences without a padding token, their words drawn evenly from a vocabulary of
 * made-up words: what a step costs without a text. They lie in a temporary folder that is deleted
 * with this.
 */
final class MadeUpShards implements AutoCloseable {
  private static final List<String> SPECIAL =
      List.of(Vocabulary.PAD, Vocabulary.UNK, Vocabulary.CLS, Vocabulary.SEP, Vocabulary.MASK);

  private static final int SEED = 1;

  private final Path folder;
  private final Vocabulary vocabulary;
  private final ShardReader reader;

  /**
   * @param vocabSize with the five special tokens
   * @param pairs whether a sequence is two segments, for next-sentence prediction
   */
  MadeUpShards(int vocabSize, int maxSeqLength, boolean pairs, int numSequences) {
    if (vocabSize <= SPECIAL.size()) {
      throw new MisfitException(
          "model.vocabSize must be above %d, the number of special tokens, got %d"
              .formatted(SPECIAL.size(), vocabSize));
    }
    Stream<String> words =
        IntStream.range(SPECIAL.size(), vocabSize).mapToObj(id -> "word%d".formatted(id));
    vocabulary = Vocabulary.of(Stream.concat(SPECIAL.stream(), words).toList());
    try {
      folder = Files.createTempDirectory("tiedbert-bench");
    } catch (IOException e) {
      throw new InputException(
          "no temporary folder could be made for shards: %s".formatted(FileProblem.of(e)), e);
    }
    try {
      Path shards = folder.resolve("shards");
      write(shards, maxSeqLength, pairs, numSequences);
      reader = ShardReader.open(shards, Split.TRAIN, vocabulary);
    } catch (RuntimeException e) {
      deleteFolder();
      throw e;
    }
  }

  private void write(Path shards, int maxSeqLength, boolean pairs, int numSequences) {
    Random random = new Random(SEED);
    ShardWriter.Layout layout = ShardWriter.Layout.of(vocabulary, maxSeqLength, pairs);
    try (ShardWriter writer = new ShardWriter(shards, layout)) {
      int[] segmentIds = new int[maxSeqLength];
      for (int i = maxSeqLength / 2; i < maxSeqLength; i++) {
        segmentIds[i] = 1;
      }
      for (int i = 0; i < numSequences; i++) {
        writer.write(Split.TRAIN, sequence(random, maxSeqLength, pairs), segmentIds, i % 2);
      }
      writer.finish();
    }
  }

  /** [CLS] words [SEP], or [CLS] words [SEP] words [SEP]. */
  private int[] sequence(Random random, int maxSeqLength, boolean pairs) {
    int numWords = vocabulary.size() - SPECIAL.size();
    int[] inputIds = new int[maxSeqLength];
    for (int i = 0; i < maxSeqLength; i++) {
      inputIds[i] = SPECIAL.size() + random.nextInt(numWords);
    }
    inputIds[0] = vocabulary.clsId();
    inputIds[maxSeqLength - 1] = vocabulary.sepId();
    if (pairs) {
      inputIds[maxSeqLength / 2 - 1] = vocabulary.sepId();
    }
    return inputIds;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  ShardReader reader() {
    return reader;
  }

  @Override
  public void close() {
    reader.close();
    deleteFolder();
  }

  private void deleteFolder() {
    try {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (IOException e) {
      throw new InputException("%s cannot be deleted: %s".formatted(folder, FileProblem.of(e)), e);
    }
  }
}
