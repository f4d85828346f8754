package org.tiedbert.corpus;

import org.tiedbert.text.Vocabulary;

/** How the tokens of documents are laid into sequences of a fixed length S = maxSeqLength. */
public sealed interface Packing {
  /** A document's remainder of fewer tokens than this is dropped by default. */
  int DEFAULT_MIN_TOKENS = 8;

  /** Full sequences within documents. */
  Packing DEFAULT = new WithinDocument(DEFAULT_MIN_TOKENS);

  /** BERT's sentence pairs with its own settings. */
  Packing BERT_SENTENCE_PAIRS = new SentencePairs(0.1, 1);

  /** Whether records carry segment ids and next-sentence labels, and text comes by the sentence. */
  default boolean nextSentencePairs() {
    return false;
  }

  /** The shortest S that this packing can fill. */
  default int minSeqLength() {
    return 3; // [CLS] token [SEP]
  }

  /** Documents that must lie together for the packing to work as meant. */
  default int minDocumentsPerChunk() {
    return 1;
  }

  /** One line for people, written into the manifest. */
  String description();

  /** A packer for one chunk of documents; its random choices depend on {@code seed} only. */
  SequencePacker packer(Vocabulary vocabulary, int maxSeqLength, long seed);

  /**
   * {@code [CLS] S−2 tokens [SEP]}, filled across paragraphs but never across documents: the last
   * sequence of a document is padded, or dropped when fewer than {@code minTokens} tokens are left.
   * Each document wastes half a sequence on average, so this is for documents much longer than S.
   */
  record WithinDocument(int minTokens) implements Packing {
    public WithinDocument {
      requireMinTokens(minTokens);
    }

    @Override
    public int minSeqLength() {
      return minTokens + 2;
    }

    @Override
    public String description() {
      return "within documents, minTokens " + minTokens;
    }

    @Override
    public SequencePacker packer(Vocabulary vocabulary, int maxSeqLength, long seed) {
      return new FullSequencePacker(vocabulary, maxSeqLength, minTokens, false);
    }
  }

  /**
   * As {@link WithinDocument}, but documents follow one another in a sequence with a {@code [SEP]}
   * between (FULL-SENTENCES of RoBERTa, Liu et al. 2019, section 4.2). For short documents. Only
   * the last sequence of each chunk of about a million characters is padded.
   */
  record AcrossDocuments(int minTokens) implements Packing {
    public AcrossDocuments {
      requireMinTokens(minTokens);
    }

    @Override
    public int minSeqLength() {
      return minTokens + 2;
    }

    @Override
    public String description() {
      return "across documents, minTokens " + minTokens;
    }

    @Override
    public SequencePacker packer(Vocabulary vocabulary, int maxSeqLength, long seed) {
      return new FullSequencePacker(vocabulary, maxSeqLength, minTokens, true);
    }
  }

  /**
   * {@code [CLS] A [SEP] B [SEP]}, where B follows A in the text (label 0) or, for half of the
   * pairs, is taken from another document (label 1), as BERT's original preparation makes them
   * (Devlin et al. 2019, appendix A.2; create_pretraining_data of google-research/bert).
   *
   * @param shortSequenceProb probability that a document's pairs aim at a random shorter length
   * @param dupeFactor how often the corpus is gone through, each time with other random choices
   */
  record SentencePairs(double shortSequenceProb, int dupeFactor) implements Packing {
    public SentencePairs {
      if (!(shortSequenceProb >= 0 && shortSequenceProb <= 1)) {
        throw new IllegalArgumentException(
            "shortSequenceProb must lie in [0, 1], got " + shortSequenceProb);
      }
      if (dupeFactor < 1 || dupeFactor > 1000) {
        throw new IllegalArgumentException("dupeFactor must lie in [1, 1000], got " + dupeFactor);
      }
    }

    @Override
    public boolean nextSentencePairs() {
      return true;
    }

    @Override
    public int minSeqLength() {
      return 5; // [CLS] a [SEP] b [SEP]
    }

    @Override
    public int minDocumentsPerChunk() {
      return 2;
    }

    @Override
    public String description() {
      return "sentence pairs, shortSequenceProb %s, dupeFactor %d"
          .formatted(shortSequenceProb, dupeFactor);
    }

    @Override
    public SequencePacker packer(Vocabulary vocabulary, int maxSeqLength, long seed) {
      return new SentencePairPacker(vocabulary, maxSeqLength, this, seed);
    }
  }

  private static void requireMinTokens(int minTokens) {
    if (minTokens < 1) {
      throw new IllegalArgumentException("minTokens must be at least 1, got " + minTokens);
    }
  }
}
