package org.tiedbert.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.tiedbert.text.FileProblem;

/**
 * The documents of a set of text files, streamed in the order of the files' sorted paths.
 *
 * <p>{@code .txt} holds one paragraph a line and a blank line between documents; {@code .jsonl} one
 * object a line with the document in its field {@code text}, whose lines are the paragraphs. Either
 * may end in {@code .gz}, {@code .bz2}, {@code .xz} or {@code .zst}. Files are UTF-8; a byte that
 * is not, a line that is no JSON and a cut compressed file stop the reading with file and line. A
 * document never spans files. One longer than {@link #MAX_PIECE_CHARS} comes as several pieces with
 * one index, so that memory is bounded. For one thread, except the two byte counts.
 */
public final class DocumentReader implements Iterator<Document>, AutoCloseable {
  /** A piece of a document ends with the paragraph that reaches this many characters. */
  public static final int MAX_PIECE_CHARS = 1 << 20;

  private final List<Path> files;
  private final long totalBytes;
  private final Queue<Path> unopened;
  private LineReader lines;
  private boolean json;
  private final ArrayDeque<String> pending = new ArrayDeque<>(); // of a JSON line, not yet returned
  private boolean pieceEnded; // the document of documentIndex goes on behind its last piece
  private long documentIndex = -1;
  private Document next;
  private volatile long bytesOfClosedFiles;
  private volatile long bytesOfOpenFile;

  /** Opens every file that the globs name; a glob that names none is an error. */
  public DocumentReader(Collection<String> globs) {
    files = InputFiles.of(globs);
    unopened = new ArrayDeque<>(files);
    totalBytes = files.stream().mapToLong(DocumentReader::size).sum();
  }

  /** The files, in the order in which they are read. */
  public List<Path> files() {
    return files;
  }

  /** Size of all files on disk, compressed as they are. */
  public long totalBytes() {
    return totalBytes;
  }

  /** How much of {@link #totalBytes} was read so far; for progress, from any thread. */
  public long bytesRead() {
    return bytesOfClosedFiles + bytesOfOpenFile;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      next = readPiece();
    }
    return next != null;
  }

  @Override
  public Document next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Document document = next;
    next = null;
    return document;
  }

  /** What is left, paragraph by paragraph: the input of vocabulary training. */
  public Stream<String> paragraphs() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .flatMap(document -> document.paragraphs().stream());
  }

  private Document readPiece() {
    List<String> paragraphs = new ArrayList<>();
    long numChars = 0;
    while (numChars < MAX_PIECE_CHARS) {
      String paragraph = nextParagraph();
      if (paragraph != null) {
        paragraphs.add(paragraph);
        numChars += paragraph.length();
      } else if (!paragraphs.isEmpty() || lines == null) { // a document's end, or the corpus's
        return endDocument(paragraphs);
      } else {
        pieceEnded = false; // only blank lines: nothing of a document followed its last piece
      }
    }
    Document piece = new Document(pieceEnded ? documentIndex : ++documentIndex, paragraphs);
    pieceEnded = true;
    return piece;
  }

  private Document endDocument(List<String> paragraphs) {
    if (paragraphs.isEmpty()) {
      return null;
    }
    Document document = new Document(pieceEnded ? documentIndex : ++documentIndex, paragraphs);
    pieceEnded = false;
    return document;
  }

  /** The document's next paragraph, or null where a document or a file ends. */
  private String nextParagraph() {
    if (!pending.isEmpty()) {
      String paragraph = pending.remove();
      return paragraph.isEmpty() ? null : paragraph;
    }
    if (lines == null && !openNext()) {
      return null;
    }
    String line = lines.next();
    bytesOfOpenFile = lines.bytesRead();
    if (line == null) {
      closeFile();
      openNext();
      return null;
    }
    if (line.isBlank()) {
      return null;
    }
    return json ? firstParagraph(JsonLine.text(line, lines)) : line;
  }

  /** Queues the paragraphs of a JSON document, an empty string as its end. */
  private String firstParagraph(String text) {
    text.lines().filter(paragraph -> !paragraph.isBlank()).forEach(pending::add);
    pending.add("");
    return nextParagraph();
  }

  private boolean openNext() {
    if (unopened.isEmpty()) {
      return false;
    }
    Path file = unopened.remove();
    json = Compression.of(file).plainName(file).endsWith(".jsonl");
    lines = new LineReader(file);
    return true;
  }

  private void closeFile() {
    bytesOfClosedFiles += lines.bytesRead();
    bytesOfOpenFile = 0;
    lines.close();
    lines = null;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new CorpusException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  @Override
  public void close() {
    if (lines != null) {
      closeFile();
    }
    unopened.clear();
    pending.clear();
  }
}
