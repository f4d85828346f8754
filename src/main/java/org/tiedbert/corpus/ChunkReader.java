package org.tiedbert.corpus;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Divides a corpus into its splits and each split into chunks of bounded size, in one pass.
 *
 * <p>A document's split is a keyed hash of how it begins, so that copies of a document fall into
 * the same split, and a document stays in its split when others are added.
 */
final class ChunkReader {
  /** A chunk is closed by the document that reaches this many characters. */
  static final long CHUNK_CHARS = 1 << 20;

  /** A chunk is closed within a document when it reaches this many. */
  static final long MAX_CHUNK_CHARS = 4 * CHUNK_CHARS;

  private static final int HASHED_CHARS = 4096;

  private final DocumentReader documents;
  private final HashFunction splitHash;
  private final double heldOutFraction;
  private final int minDocuments;
  private final OpenChunk train = new OpenChunk(Split.TRAIN);
  private final OpenChunk heldOut = new OpenChunk(Split.HELD_OUT);
  private final Queue<DocumentChunk> closed = new ArrayDeque<>();
  private long numChunks;
  private long lastIndex = -1;
  private OpenChunk current = train;

  ChunkReader(DocumentReader documents, long seed, double heldOutFraction, int minDocuments) {
    this.documents = documents;
    this.splitHash = Hashing.sipHash24(seed, 0x68656C642D6F7574L); // "held-out"
    this.heldOutFraction = heldOutFraction;
    this.minDocuments = minDocuments;
  }

  /** The next chunk, or null at the end of the corpus. */
  DocumentChunk next() {
    while (closed.isEmpty() && documents.hasNext()) {
      add(documents.next());
    }
    if (closed.isEmpty()) {
      train.finish();
      heldOut.finish();
    }
    return closed.poll();
  }

  /** Documents read so far. */
  long numDocuments() {
    return lastIndex + 1;
  }

  private void add(Document piece) {
    boolean begins = piece.index() != lastIndex;
    if (begins) {
      lastIndex = piece.index();
      current = isHeldOut(piece) ? heldOut : train;
    }
    if (begins && current.isFull() || current.numChars >= MAX_CHUNK_CHARS) {
      current.close();
    }
    current.add(piece);
  }

  private boolean isHeldOut(Document document) {
    Hasher hasher = splitHash.newHasher();
    int left = HASHED_CHARS;
    for (String paragraph : document.paragraphs()) {
      int taken = Math.min(left, paragraph.length());
      hasher.putUnencodedChars(paragraph.substring(0, taken)).putChar('\n');
      left -= taken;
    }
    double uniform = (hasher.hash().asLong() >>> 11) * 0x1p-53; // in [0, 1)
    return uniform < heldOutFraction;
  }

  /**
   * The chunk of one split that is being filled. The one before it waits until this one has enough
   * documents, and takes them in if the corpus ends before.
   */
  private final class OpenChunk {
    private final Split split;
    private final List<Document> waiting = new ArrayList<>();
    private final List<Document> filling = new ArrayList<>();
    private int numDocuments;
    private long numChars;

    OpenChunk(Split split) {
      this.split = split;
    }

    boolean isFull() {
      return numChars >= CHUNK_CHARS && numDocuments >= minDocuments;
    }

    void add(Document piece) {
      boolean continues =
          !filling.isEmpty() && filling.get(filling.size() - 1).index() == piece.index();
      numDocuments += continues ? 0 : 1;
      filling.add(piece);
      numChars += piece.numChars();
      if (numDocuments >= minDocuments) {
        emitWaiting();
      }
    }

    void close() {
      emitWaiting();
      waiting.addAll(filling);
      filling.clear();
      numDocuments = 0;
      numChars = 0;
    }

    void finish() {
      waiting.addAll(filling);
      filling.clear();
      emitWaiting();
    }

    private void emitWaiting() {
      if (!waiting.isEmpty()) {
        closed.add(new DocumentChunk(split, numChunks++, waiting));
        waiting.clear();
      }
    }
  }
}
