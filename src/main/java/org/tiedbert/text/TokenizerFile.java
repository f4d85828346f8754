package org.tiedbert.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code tokenizer.json} run by Hugging Face's library as its author wrote it, whatever its kind,
 * with the special tokens that it adds. Only its padding and its limit of length are not heeded.
 * Holds native memory until closed; for one thread.
 */
public final class TokenizerFile implements AutoCloseable {
  private static final String LONGEST_FIRST = "LONGEST_FIRST";

  private final TokenizersLibrary library = NativeTokenizers.library();
  private final long handle;

  /**
   * @param maxSeqLength tokens of a text at most, special tokens included; the rest is cut off
   * @throws InputException if the file cannot be read, or describes no tokenizer
   */
  public TokenizerFile(Path file, int maxSeqLength) {
    try {
      handle = library.createTokenizerFromString(Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new InputException("%s must be UTF-8, its bytes are not".formatted(file), e);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    } catch (RuntimeException e) { // what the library throws
      throw new InputException(
          "%s must be a tokenizer.json as Hugging Face's tokenizers write it: %s"
              .formatted(file, e.getMessage()),
          e);
    }
    library.disablePadding(handle);
    library.setTruncation(handle, maxSeqLength, LONGEST_FIRST, 0);
  }

  /** The ids of each text, in order, special tokens among them; on all cores at once. */
  public List<long[]> encodeAll(List<String> texts) {
    long[] encodings = library.batchEncode(handle, texts.toArray(String[]::new), true);
    List<long[]> ids = new ArrayList<>(encodings.length);
    for (long encoding : encodings) {
      ids.add(library.getTokenIds(encoding));
      library.deleteEncoding(encoding);
    }
    return ids;
  }

  @Override
  public void close() {
    library.deleteTokenizer(handle);
  }
}
