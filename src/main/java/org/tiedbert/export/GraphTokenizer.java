package org.tiedbert.export;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.strings.UnicodeDecode;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tiedbert.export.TokenRows.Texts;
import org.tiedbert.text.BertCharacters;
import org.tiedbert.text.Vocabulary;

/**
 * BERT's tokenizer as operations of TensorFlow's core, for a graph that takes text: the ids of
 * {@link org.tiedbert.text.BertTokenizer}, one by one. No lookup table, asset or initializer goes
 * with it; what it knows of the vocabulary and of Unicode are constants, and time and memory are
 * linear in the characters of all texts together.
 *
 * <p>Texts are UTF-8. Bytes that are not are dropped. All operations are placed on the CPU.
 */
final class GraphTokenizer {
  private static final DeviceSpec CPU =
      DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.CPU).deviceIndex(0).build();

  private static final int END_OF_TEXT = CharacterTable.FIRST_TOKEN_POINT;

  private final Vocabulary vocabulary;
  private final boolean recognizesSpecialTokens;
  private final int maxSeqLength;
  private final CharacterTable table;
  private final PieceTrie trie;
  private final SpecialTokenSearch specialTokens;
  private final SharedConstants constants;

  /**
   * @param lowerCase whether the vocabulary is uncased
   * @param recognizesSpecialTokens whether {@code [MASK]} and the other four in a text are the
   *     special tokens
   * @param maxSeqLength tokens of the longest row, special tokens included
   */
  GraphTokenizer(
      Vocabulary vocabulary, boolean lowerCase, boolean recognizesSpecialTokens, int maxSeqLength) {
    if (maxSeqLength < 3) {
      throw new IllegalArgumentException(
          "maxSeqLength must leave room for [CLS] and two [SEP], got " + maxSeqLength);
    }
    this.vocabulary = vocabulary;
    this.recognizesSpecialTokens = recognizesSpecialTokens;
    this.maxSeqLength = maxSeqLength;
    BertCharacters characters = BertCharacters.of(lowerCase);
    List<Integer> special =
        List.of(
            vocabulary.padId(),
            vocabulary.unkId(),
            vocabulary.clsId(),
            vocabulary.sepId(),
            vocabulary.maskId());
    List<Integer> points = new ArrayList<>(List.of(endOfText()));
    points.addAll(special);
    Alphabet alphabet = new Alphabet(vocabulary, characters, points);
    this.trie = alphabet.trie();
    this.table = new CharacterTable(characters, alphabet.ids());
    this.specialTokens =
        new SpecialTokenSearch(special.stream().map(vocabulary::token).toList(), END_OF_TEXT + 1);
    this.constants = new SharedConstants();
  }

  private GraphTokenizer(GraphTokenizer other, boolean recognizesSpecialTokens) {
    this.vocabulary = other.vocabulary;
    this.recognizesSpecialTokens = recognizesSpecialTokens;
    this.maxSeqLength = other.maxSeqLength;
    this.table = other.table;
    this.trie = other.trie;
    this.specialTokens = other.specialTokens;
    this.constants = other.constants;
  }

  /**
   * This tokenizer, but for special tokens in a text. In a graph that has both, they share their
   * constants, as do several applications of one; those are all of a tokenizer's size.
   */
  GraphTokenizer recognizingSpecialTokens(boolean recognizes) {
    return new GraphTokenizer(this, recognizes);
  }

  /**
   * Rows of tokens. Dimensions: N texts, S tokens of the longest row, [CLS] and [SEP] included; 2
   * without a text.
   *
   * @param inputIds int32 [N, S], rows filled up with [PAD]
   * @param attentionMask int32 [N, S], 1 for tokens and 0 for padding
   * @param tokenTypeIds int32 [N, S], 1 for the second text and the [SEP] after it
   */
  record Tokenized(
      Operand<TInt32> inputIds, Operand<TInt32> attentionMask, Operand<TInt32> tokenTypeIds) {}

  /**
   * {@code [CLS] text [SEP]}, the text cut off where the row would be too long.
   *
   * @param text string [N]
   */
  Tokenized apply(Ops tf, Operand<TString> text) {
    Ops cpu = tf.withSubScope("tokenizer").withDevice(CPU);
    Operand<TInt32> stream = stream(cpu, text); // [T]
    Texts texts = texts(cpu, stream);
    return new TokenRows(cpu, vocabulary, maxSeqLength).single(stream, texts);
  }

  /**
   * {@code [CLS] text [SEP] textPair [SEP]}. Where the row would be too long, the longer of the two
   * is cut until both are equally long, then both alike. If that leaves an odd place, it goes to
   * the text that was the longer, to the second if neither was: Hugging Face's {@code
   * longest_first}. (In google-research/bert it always goes to the first.)
   *
   * @param text string [N]
   * @param textPair string [N]
   */
  Tokenized apply(Ops tf, Operand<TString> text, Operand<TString> textPair) {
    Ops cpu = tf.withSubScope("tokenizer").withDevice(CPU);
    Operand<TString> all = cpu.reshape(cpu.stack(List.of(text, textPair)), cpu.array(-1)); // [2N]
    Operand<TInt32> stream = stream(cpu, all); // [T]
    Texts texts = texts(cpu, stream); // [2N]
    Operand<TInt32> numRows = cpu.shape(text); // [1]
    Texts first = part(cpu, texts, cpu.array(0), numRows);
    Texts second = part(cpu, texts, numRows, numRows);
    return new TokenRows(cpu, vocabulary, maxSeqLength).pair(stream, first, second);
  }

  /** The token at the end of a text, one that no vocabulary has. */
  private int endOfText() {
    return vocabulary.size();
  }

  /** int32 [T], the tokens of all texts, each followed by the end of the text. */
  private Operand<TInt32> stream(Ops tf, Operand<TString> text) {
    Operand<TInt32> codePoints = codePoints(tf, text);
    if (recognizesSpecialTokens) {
      codePoints = specialTokens.replace(tf, codePoints);
    }
    Operand<TInt32> codes = new CharacterCodes(tf, table, constants).apply(codePoints); // [D − 1]
    Operand<TInt32> tokens =
        new Words(tf, trie, constants, vocabulary.unkId() + 1).tokens(codes); // [D]
    Operand<TInt64> places = tf.reshape(tf.where(tokens), tf.array(-1)); // [T]
    return tf.math.sub(tf.gather(tokens, places, tf.constant(0)), tf.constant(1)); // [T]
  }

  /** int32 [C], those of all texts, each followed by {@link #END_OF_TEXT}. */
  private static Operand<TInt32> codePoints(Ops tf, Operand<TString> text) {
    Operand<TString> ended = tf.strings.join(List.of(text, tf.constant("\n"))); // [N]
    UnicodeDecode<TInt32> decoded = tf.strings.unicodeDecode(ended, "UTF-8", TInt32.class);
    Operand<TInt32> ends =
        tf.math.sub(
            tf.slice(decoded.rowSplits(), tf.array(1), tf.array(-1)), tf.constant(1)); // [N]
    return tf.tensorScatterNdUpdate(
        decoded.charValues(),
        tf.expandDims(ends, tf.constant(1)),
        tf.fill(tf.shape(ends), tf.constant(END_OF_TEXT)));
  }

  private Texts texts(Ops tf, Operand<TInt32> stream) {
    Operand<TInt64> places = tf.where(tf.math.equal(stream, tf.constant(endOfText()))); // [N, 1]
    Operand<TInt32> ends = tf.dtypes.cast(tf.reshape(places, tf.array(-1)), TInt32.class); // [N]
    Operand<TInt32> afterEnds = tf.math.add(ends, tf.constant(1)); // [N]
    Operand<TInt32> starts =
        tf.slice(
            tf.concat(List.of(tf.array(0), afterEnds), tf.constant(0)),
            tf.array(0),
            tf.shape(ends)); // [N]
    return new Texts(starts, tf.math.sub(ends, starts));
  }

  private static Texts part(Ops tf, Texts texts, Operand<TInt32> from, Operand<TInt32> number) {
    return new Texts(
        tf.slice(texts.starts(), from, number), tf.slice(texts.numTokens(), from, number));
  }
}
