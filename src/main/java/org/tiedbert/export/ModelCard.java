package org.tiedbert.export;

import java.util.Optional;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.model.EncoderConfig;

/**
 * The {@code README.md} of a SavedModel.
 *
 * @param name of its folder
 * @param numParameters elements of all variables
 * @param state where the training stood, if it was ours
 * @param configYaml what it was trained under, or empty
 */
record ModelCard(
    String name,
    BertConfig config,
    int padId,
    long numParameters,
    Optional<TrainingState> state,
    String configYaml) {

  String text() {
    return "# "
        + name
        + "\n\n"
        + summary()
        + training()
        + signatures()
        + java()
        + python()
        + settings();
  }

  private String summary() {
    EncoderConfig encoder = config.encoder();
    return """
        A BERT encoder with its masked-language-model head, a TensorFlow SavedModel written by TiedBERT.
        The folder can be moved and needs nothing outside it.

        | | |
        |---|---|
        | layers | %d |
        | hidden size | %d, in %d attention heads |
        | feed-forward size | %d |
        | longest sequence | %d tokens |
        | vocabulary | %,d WordPiece tokens, %s (`assets.extra/vocab.txt`) |
        | parameters | %,d, float32 |
        """
        .formatted(
            encoder.numHiddenLayers(),
            encoder.hiddenSize(),
            encoder.numAttentionHeads(),
            encoder.intermediateSize(),
            encoder.maxPositionEmbeddings(),
            encoder.vocabSize(),
            config.lowerCase() ? "uncased" : "cased",
            numParameters);
  }

  private String training() {
    return state
        .map(
            at ->
                "| trained | %,d steps, in stage %d of %d, seed %d |\n"
                    .formatted(at.step(), at.stage() + 1, at.stageLastSteps().size(), at.seed()))
        .orElse("");
  }

  private static String signatures() {
    return """

        ## Signatures

        All take int32 `input_ids`, `attention_mask` (1 for tokens, 0 for padding) and `token_type_ids`,
        each [N, S], any N and S. A sequence is `[CLS] … [SEP]`.

        | signature | output | |
        |---|---|---|
        | `encode`, `serving_default` | `last_hidden_state` float [N, S, H] | of every token |
        | | `pooler_output` float [N, H] | tanh of a dense layer on [CLS]; untrained without next-sentence prediction |
        | | `hidden_states` float [L+1, N, S, H] | the embeddings' and every layer's |
        | `fill_mask` | `mask_positions` int32 [M, 2] | sequence and place of each [MASK] |
        | | `logits` float [M, V] | of the vocabulary there |
        """;
  }

  private String java() {
    return """

        ## From Java

        ```java
        try (SavedModelEncoder model = SavedModelEncoder.load(Path.of("%1$s"))) {
          float[][] embeddings = model.embed(List.of("the cat sat on the mat"));
          List<List<Prediction>> words = model.fillMask("the cat sat on the [MASK]", 5);
        }
        ```

        or `tiedbert embed --model %1$s` and `tiedbert fill-mask --model %1$s`, text on standard input.
        """
        .formatted(name);
  }

  private String python() {
    return """

        ## From Python

        ```python
        import tensorflow as tf
        from tokenizers import BertWordPieceTokenizer

        model = tf.saved_model.load("%1$s")
        tokenizer = BertWordPieceTokenizer("%1$s/assets.extra/vocab.txt", lowercase=%2$s)
        tokenizer.enable_padding(pad_id=%3$d)
        batch = tokenizer.encode_batch(["the cat sat on the [MASK]", "a cat"])
        inputs = dict(
            input_ids=tf.constant([e.ids for e in batch]),
            attention_mask=tf.constant([e.attention_mask for e in batch]),
            token_type_ids=tf.constant([e.type_ids for e in batch]))
        print(model.signatures["encode"](**inputs)["last_hidden_state"])

        words = model.signatures["fill_mask"](**inputs)
        for position, logits in zip(words["mask_positions"], words["logits"]):
            probabilities, ids = tf.math.top_k(tf.nn.softmax(logits), 5)
            print(position.numpy(), [tokenizer.id_to_token(i) for i in ids.numpy()], probabilities.numpy())
        ```
        """
        .formatted(name, config.lowerCase() ? "True" : "False", padId);
  }

  private String settings() {
    return configYaml.isEmpty()
        ? ""
        : "\n## Settings it was trained under\n\n```yaml\n%s\n```\n".formatted(configYaml.strip());
  }
}
