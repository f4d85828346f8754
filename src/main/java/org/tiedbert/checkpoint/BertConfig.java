package org.tiedbert.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import org.tiedbert.model.EncoderConfig;

/**
 * The contents of {@code bert_config.json}: google-research/bert's keys, and {@code do_lower_case},
 * which the model's text needs and its own file lacks.
 *
 * @param encoder with the depth of the parameters beside the file, in a growing model its stage's
 * @param lowerCase whether the vocabulary is uncased
 */
public record BertConfig(EncoderConfig encoder, boolean lowerCase) {
  public static final String FILE_NAME = "bert_config.json";

  private static final String ERF_GELU = "gelu";

  private record Keys(
      @JsonProperty(value = "vocab_size", required = true) int vocabSize,
      @JsonProperty(value = "hidden_size", required = true) int hiddenSize,
      @JsonProperty(value = "num_hidden_layers", required = true) int numHiddenLayers,
      @JsonProperty(value = "num_attention_heads", required = true) int numAttentionHeads,
      @JsonProperty(value = "intermediate_size", required = true) int intermediateSize,
      @JsonProperty(value = "hidden_act", required = true) String hiddenAct,
      @JsonProperty(value = "hidden_dropout_prob", required = true) double hiddenDropoutProb,
      @JsonProperty(value = "attention_probs_dropout_prob", required = true)
          double attentionDropoutProb,
      @JsonProperty(value = "max_position_embeddings", required = true) int maxPositionEmbeddings,
      @JsonProperty(value = "type_vocab_size", required = true) int typeVocabSize,
      @JsonProperty(value = "initializer_range", required = true) double initializerRange,
      @JsonProperty(value = "do_lower_case", required = true) boolean lowerCase) {}

  /** The file's bytes. */
  public byte[] bytes() {
    return Json.bytes(
        new Keys(
            encoder.vocabSize(),
            encoder.hiddenSize(),
            encoder.numHiddenLayers(),
            encoder.numAttentionHeads(),
            encoder.intermediateSize(),
            ERF_GELU,
            encoder.hiddenDropoutProb(),
            encoder.attentionDropoutProb(),
            encoder.maxPositionEmbeddings(),
            encoder.typeVocabSize(),
            encoder.initializerRange(),
            lowerCase));
  }

  /**
   * Reads a file that holds exactly these keys.
   *
   * @throws CheckpointException if it cannot be read, lacks a key or has another, or describes no
   *     BERT with erf-GELU
   */
  public static BertConfig read(Path file) {
    Keys keys = Json.read(file, Keys.class);
    if (!ERF_GELU.equals(keys.hiddenAct)) {
      throw new CheckpointException(
          "%s has hidden_act %s, the only activation there is here is %s"
              .formatted(file, keys.hiddenAct, ERF_GELU));
    }
    try {
      return new BertConfig(encoder(keys), keys.lowerCase);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "%s does not describe a BERT: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static EncoderConfig encoder(Keys keys) {
    return new EncoderConfig(
        keys.vocabSize,
        keys.maxPositionEmbeddings,
        keys.typeVocabSize,
        keys.hiddenSize,
        keys.numHiddenLayers,
        keys.numAttentionHeads,
        keys.intermediateSize,
        keys.hiddenDropoutProb,
        keys.attentionDropoutProb,
        keys.initializerRange);
  }
}
