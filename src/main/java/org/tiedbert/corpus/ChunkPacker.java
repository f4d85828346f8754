package org.tiedbert.corpus;

import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.List;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.Vocabulary;

/** Tokenizes and packs chunks; thread-safe, and without a memory of earlier chunks. */
final class ChunkPacker {
  /** Texts go to the tokenizer in batches of about this many characters: few calls, small heap. */
  private static final int BATCH_CHARS = 1 << 15;

  private static final int CHARS_PER_TOKEN = 4;

  private final Vocabulary vocabulary;
  private final BertTokenizer tokenizer;
  private final RecordFormat format;
  private final Packing packing;
  private final long seed;

  ChunkPacker(
      Vocabulary vocabulary,
      BertTokenizer tokenizer,
      RecordFormat format,
      Packing packing,
      long seed) {
    this.vocabulary = vocabulary;
    this.tokenizer = tokenizer;
    this.format = format;
    this.packing = packing;
    this.seed = seed;
  }

  /** A chunk's records, and how many tokens its text has. */
  record PackedChunk(Split split, PackedSequences sequences, long numTextTokens) {}

  PackedChunk pack(DocumentChunk chunk) {
    List<List<int[]>> documents = tokenize(chunk);
    long numTextTokens =
        documents.stream().flatMap(List::stream).mapToLong(tokens -> tokens.length).sum();
    long numChars = chunk.documents().stream().mapToLong(Document::numChars).sum();
    int expected = (int) (numChars / CHARS_PER_TOKEN / format.maxSeqLength()) + 1;
    PackedSequences sequences = new PackedSequences(format, vocabulary, expected);
    long chunkSeed = Hashing.sipHash24(seed, chunk.number()).hashInt(0).asLong();
    packing.packer(vocabulary, format.maxSeqLength(), chunkSeed).pack(documents, sequences);
    return new PackedChunk(chunk.split(), sequences, numTextTokens);
  }

  private List<List<int[]>> tokenize(DocumentChunk chunk) {
    SentenceSplitter splitter = packing.nextSentencePairs() ? new SentenceSplitter() : null;
    List<List<int[]>> documents = new ArrayList<>();
    long lastIndex = -1;
    for (Document piece : chunk.documents()) {
      if (piece.index() != lastIndex) {
        documents.add(new ArrayList<>());
        lastIndex = piece.index();
      }
      for (List<String> batch : batches(piece, splitter)) {
        documents.get(documents.size() - 1).addAll(tokenizer.encodeAll(batch));
      }
    }
    return documents;
  }

  /** The batches of text that {@link #pack} hands to the tokenizer. */
  List<List<String>> batches(DocumentChunk chunk) {
    SentenceSplitter splitter = packing.nextSentencePairs() ? new SentenceSplitter() : null;
    return chunk.documents().stream().flatMap(piece -> batches(piece, splitter).stream()).toList();
  }

  private static List<List<String>> batches(Document piece, SentenceSplitter splitter) {
    return batches(splitter == null ? piece.paragraphs() : splitter.split(piece.paragraphs()));
  }

  /** The texts in order, cut into batches for {@link BertTokenizer#encodeAll}. */
  private static List<List<String>> batches(List<String> texts) {
    List<List<String>> batches = new ArrayList<>();
    int from = 0;
    int numChars = 0;
    for (int i = 0; i < texts.size(); i++) {
      numChars += texts.get(i).length();
      if (numChars >= BATCH_CHARS || i == texts.size() - 1) {
        batches.add(texts.subList(from, i + 1));
        from = i + 1;
        numChars = 0;
      }
    }
    return batches;
  }
}
