package org.tiedbert.corpus;

import java.time.Duration;
import java.util.function.Consumer;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.Vocabulary;

/**
 * Text files into a directory of shards: one thread reads chunks of documents, several tokenize and
 * pack them, and the calling one writes them in the order in which they were read. Memory holds the
 * few chunks that are under way, whatever the corpus's size; the same input, settings and seed give
 * the same bytes, whatever the number of threads.
 */
public final class ShardPreparation {
  private final PreparationSettings settings;
  private final Vocabulary vocabulary;

  /** Reads the vocabulary and refuses an output that exists and is not empty. */
  public ShardPreparation(PreparationSettings settings) {
    this.settings = settings;
    ShardWriter.requireVacant(settings.output());
    vocabulary = Vocabulary.read(settings.vocabulary());
  }

  /** Makes the shards; {@code progress} is told after each chunk, on the calling thread. */
  public PreparationResult run(Consumer<PreparationProgress> progress) {
    long start = System.nanoTime();
    try (DocumentReader documents = new DocumentReader(settings.inputs());
        BertTokenizer tokenizer = new BertTokenizer(vocabulary, settings.lowerCase());
        ShardWriter writer = new ShardWriter(settings.output(), layout(documents))) {
      Run run = new Run(documents, writer, progress);
      run.packAll(tokenizer);
      run.requireBothSplits();
      ShardManifest manifest = writer.finish();
      return new PreparationResult(
          manifest,
          run.chunks.numDocuments(),
          run.numTextTokens,
          run.numDroppedTokens,
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  /**
   * Tokens per second that the tokenizer alone reaches on as many threads, with the first text of
   * the same input in memory: what {@link PreparationResult#tokensPerSecond} is to be measured
   * against. Takes {@code duration}; most telling after {@link #run}, when everything is compiled.
   */
  public double tokenizerTokensPerSecond(Duration duration) {
    try (DocumentReader documents = new DocumentReader(settings.inputs());
        BertTokenizer tokenizer = new BertTokenizer(vocabulary, settings.lowerCase())) {
      ChunkPacker packer = packer(tokenizer);
      DocumentChunk sample = chunks(documents).next();
      return sample == null
          ? 0
          : TokenizerRate.tokensPerSecond(
              tokenizer, packer.batches(sample), settings.threads(), duration);
    }
  }

  private ChunkReader chunks(DocumentReader documents) {
    return new ChunkReader(
        documents,
        settings.seed(),
        settings.heldOutFraction(),
        settings.packing().minDocumentsPerChunk());
  }

  private ChunkPacker packer(BertTokenizer tokenizer) {
    Packing packing = settings.packing();
    RecordFormat format = new RecordFormat(settings.maxSeqLength(), packing.nextSentencePairs());
    return new ChunkPacker(vocabulary, tokenizer, format, packing, settings.seed());
  }

  private ShardWriter.Layout layout(DocumentReader documents) {
    return new ShardWriter.Layout(
        vocabulary,
        settings.lowerCase(),
        settings.maxSeqLength(),
        settings.packing().nextSentencePairs(),
        settings.maxShardBytes(),
        settings.forManifest(),
        documents.files().stream().map(file -> file.getFileName().toString()).toList());
  }

  /** The state of one run. */
  private final class Run {
    private final DocumentReader documents;
    private final ShardWriter writer;
    private final Consumer<PreparationProgress> progress;
    private final ChunkReader chunks;
    private final long[] numSequences = new long[Split.values().length];
    private long numTextTokens;
    private long numDroppedTokens;

    Run(DocumentReader documents, ShardWriter writer, Consumer<PreparationProgress> progress) {
      this.documents = documents;
      this.writer = writer;
      this.progress = progress;
      chunks = chunks(documents);
    }

    void packAll(BertTokenizer tokenizer) {
      try (OrderedWorkers<DocumentChunk, ChunkPacker.PackedChunk> workers =
          new OrderedWorkers<>(settings.threads(), chunks::next, packer(tokenizer)::pack)) {
        for (var packed = workers.next(); packed != null; packed = workers.next()) {
          write(packed);
        }
      }
    }

    private void write(ChunkPacker.PackedChunk packed) {
      writer.write(packed.split(), packed.sequences());
      numSequences[packed.split().ordinal()] += packed.sequences().numSequences();
      numTextTokens += packed.numTextTokens();
      numDroppedTokens += packed.sequences().numDroppedTokens();
      progress.accept(
          new PreparationProgress(
              documents.bytesRead(),
              documents.totalBytes(),
              numSequences[0] + numSequences[1],
              numTextTokens));
    }

    void requireBothSplits() {
      if (numSequences[Split.TRAIN.ordinal()] == 0) {
        throw new CorpusException(
            "the %d documents of %s make no training sequence; give more text"
                .formatted(chunks.numDocuments(), settings.inputs()));
      }
      if (settings.heldOutFraction() > 0 && numSequences[Split.HELD_OUT.ordinal()] == 0) {
        throw new CorpusException(
            ("a held-out fraction of %s leaves none of the %d documents held out; raise it, set it to"
                    + " 0, or take another seed")
                .formatted(settings.heldOutFraction(), chunks.numDocuments()));
      }
    }
  }
}
