package org.tiedbert.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

/**
 * Hugging Face's native library as DJL brings it. DJL unpacks it once, from its jar to {@code
 * ~/.djl.ai}, or to {@code .djl.ai} under {@code java.io.tmpdir} where the home directory cannot be
 * written; the variable or property {@code DJL_CACHE_DIR} names another place.
 */
final class NativeTokenizers {
  private static final String OFFLINE = "ai.djl.offline";

  private NativeTokenizers() {}

  /**
   * The library, loaded. DJL's public tokenizer class is passed by: it reports its use over the
   * network, and copies token texts and offsets that nobody here reads.
   */
  static synchronized TokenizersLibrary library() {
    // On a machine with a GPU DJL would download a CUDA build; offline it takes the CPU's.
    String before = System.getProperty(OFFLINE);
    System.setProperty(OFFLINE, "true");
    try {
      LibUtils.checkStatus();
      return TokenizersLibrary.LIB;
    } catch (EngineException e) {
      throw new IllegalStateException(
          "Hugging Face's tokenizer library cannot be loaded; it is unpacked to DJL_CACHE_DIR, by"
              + " default ~/.djl.ai, which must be writable and allow executable files",
          e);
    } finally {
      if (before == null) {
        System.clearProperty(OFFLINE);
      } else {
        System.setProperty(OFFLINE, before);
      }
    }
  }
}
