package org.tiedbert.export;

import org.tiedbert.engine.Precision;

/**
 * What a model is exported for.
 *
 * @param defaultSignature what a caller gets who names no signature
 * @param precision of matrix products; parameters are stored in float32 in any case
 */
public record ExportConfig(DefaultSignature defaultSignature, Precision precision) {
  /** Text in, as exact as training. */
  public static final ExportConfig DEFAULT =
      new ExportConfig(DefaultSignature.EMBED, Precision.FLOAT32);

  /** The signature that is {@code serving_default} too. */
  public enum DefaultSignature {
    /** Text in, an embedding out. */
    EMBED(Signatures.EMBED),
    /** Token ids in, hidden states out, under the names that Hugging Face gives. */
    ENCODE(Signatures.ENCODE);

    private final String signature;

    DefaultSignature(String signature) {
      this.signature = signature;
    }

    /** Its own name. */
    public String signature() {
      return signature;
    }
  }
}
