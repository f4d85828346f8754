package org.tiedbert.export;

/**
 * The signatures of an exported model and the names in them. Dimensions: N texts or sequences, S
 * tokens of each, L layers, H hidden, V vocabulary, M masks, K predictions for each, C classes.
 *
 * <p>Of any N. Texts are UTF-8 and become tokens in the graph; of what is longer than the model's
 * longest sequence the end is left out.
 *
 * <ul>
 *   <li>{@code embed}, also the default unless {@code encode} was made it: {@code text} string [N]
 *       to {@code embedding} [N, H], the mean of the real tokens' last hidden states, [CLS] and
 *       [SEP] among them, and {@code cls} [N, H], that of [CLS].
 *   <li>{@code fill_mask}, with a masked-LM head: {@code text} string [N] and {@code top_k} int32
 *       scalar to, for every {@code [MASK]} in reading order, the text that it stands in, {@code
 *       text_index} int32 [M], and the most probable {@code tokens} string [M, K] with their
 *       probabilities, {@code scores} [M, K], the best first.
 *   <li>{@code classify}, with a classifier: {@code text} string [N] to {@code scores} [N, C],
 *       probabilities or, of a regression, the value itself, and {@code labels} string [N, C], what
 *       each stands for. {@code classify_pair} is the same of two texts each, {@code text} and
 *       {@code text_pair}; no second text is not an empty one but {@code classify}.
 *   <li>{@code encode}: int32 {@code input_ids}, {@code attention_mask} (1 for real tokens, 0 for
 *       padding) and {@code token_type_ids}, all [N, S], of any S up to the longest sequence, to
 *       {@code last_hidden_state} [N, S, H], {@code hidden_states} [L+1, N, S, H], the embeddings'
 *       output and every layer's, and, with a pooler, {@code pooler_output} [N, H].
 *   <li>{@code mask_logits}, with a masked-LM head: the same inputs to, for every {@code [MASK]}
 *       among the ids in reading order, its row and place {@code mask_positions}, int32 [M, 2], and
 *       the {@code logits} [M, V] there. Those of other tokens, most of the work, are not computed.
 * </ul>
 */
public final class Signatures {
  public static final String SERVING_DEFAULT = "serving_default";
  public static final String EMBED = "embed";
  public static final String FILL_MASK = "fill_mask";
  public static final String CLASSIFY = "classify";
  public static final String CLASSIFY_PAIR = "classify_pair";
  public static final String ENCODE = "encode";
  public static final String MASK_LOGITS = "mask_logits";

  public static final String TEXT = "text";
  public static final String TEXT_PAIR = "text_pair";
  public static final String TOP_K = "top_k";
  public static final String INPUT_IDS = "input_ids";
  public static final String ATTENTION_MASK = "attention_mask";
  public static final String TOKEN_TYPE_IDS = "token_type_ids";

  public static final String EMBEDDING = "embedding";
  public static final String CLS = "cls";
  public static final String TEXT_INDEX = "text_index";
  public static final String TOKENS = "tokens";
  public static final String SCORES = "scores";
  public static final String LABELS = "labels";
  public static final String LAST_HIDDEN_STATE = "last_hidden_state";
  public static final String POOLER_OUTPUT = "pooler_output";
  public static final String HIDDEN_STATES = "hidden_states";
  public static final String MASK_POSITIONS = "mask_positions";
  public static final String LOGITS = "logits";

  private Signatures() {}
}
