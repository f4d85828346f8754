package org.tiedbert.export;

import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.tensorflow.proto.SignatureDef;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.corpus.ShardManifest;
import org.tiedbert.engine.Precision;
import org.tiedbert.model.EncoderConfig;

/**
 * The {@code README.md} of a SavedModel.
 *
 * @param name of the model
 * @param version if its folder is one version's
 */
record ModelCard(
    String name,
    OptionalLong version,
    ModelContents contents,
    ExportConfig config,
    ServingGraph graph,
    TrainingFacts training) {

  String text() {
    Map<String, SignatureDef> signatures = graph.definition().getSignatureDefMap();
    return "# "
        + name
        + "\n\n"
        + summary()
        + data()
        + evaluation()
        + SignatureTable.of(signatures, config.defaultSignature())
        + new CardExamples(name, version, signatures.keySet()).text()
        + settings();
  }

  private String summary() {
    EncoderConfig encoder = contents.config().encoder();
    long numParameters =
        graph.parameters().stream().mapToLong(parameter -> parameter.shape().size()).sum();
    return """
        A BERT encoder, a TensorFlow SavedModel written by TiedBERT. It reads text: the tokenizer is in its
        graph. The folder can be moved and needs nothing outside it.

        | | |
        |---|---|
        | layers | %d |
        | hidden size | %d, in %d attention heads |
        | feed-forward size | %d |
        | longest sequence | %d tokens |
        | vocabulary | %,d WordPiece tokens, %s (`assets.extra/vocab.txt`) |
        | on top of the encoder | %s |
        | parameters | %,d, float32 |
        | matrix products | %s |
        """
            .formatted(
                encoder.numHiddenLayers(),
                encoder.hiddenSize(),
                encoder.numAttentionHeads(),
                encoder.intermediateSize(),
                encoder.maxPositionEmbeddings(),
                encoder.vocabSize(),
                contents.config().lowerCase() ? "uncased" : "cased",
                heads(),
                numParameters,
                config.precision() == Precision.BFLOAT16 ? "bfloat16" : "float32")
        + training
            .state()
            .map(
                at ->
                    "| trained | %,d steps, in stage %d of %d, seed %d |\n"
                        .formatted(
                            at.step(), at.stage() + 1, at.stageLastSteps().size(), at.seed()))
            .orElse("");
  }

  private String heads() {
    String heads =
        contents.parts().stream()
            .map(
                part ->
                    switch (part) {
                      case POOLER, MASKED_LANGUAGE_MODEL -> part.inWords();
                      case NEXT_SENTENCE -> ""; // not served
                      case CLASSIFIER -> classifier(contents.labels().orElseThrow());
                    })
            .filter(head -> !head.isEmpty())
            .collect(Collectors.joining(", "));
    return heads.isEmpty() ? "nothing" : heads;
  }

  private static String classifier(Labels labels) {
    return labels.isRegression()
        ? "regression of `%s`".formatted(labels.names().get(0))
        : "classifier of %d classes: %s"
            .formatted(
                labels.names().size(),
                labels.names().stream().map("`%s`"::formatted).collect(Collectors.joining(", ")));
  }

  private String data() {
    return training
        .shards()
        .map(
            shards ->
                """

                ## Data

                %,d sequences of up to %d tokens, %,d tokens in all, from %s.
                %,d sequences more were held out.
                """
                    .formatted(
                        shards.train().numSequences(),
                        shards.maxSeqLength(),
                        shards.train().numTokens(),
                        inputs(shards),
                        shards.heldOut().numSequences()))
        .orElse("");
  }

  private static String inputs(ShardManifest shards) {
    int shown = 10;
    String names =
        shards.inputs().stream()
            .limit(shown)
            .map("`%s`"::formatted)
            .collect(Collectors.joining(", "));
    int more = shards.inputs().size() - shown;
    return more > 0 ? "%s and %,d files more".formatted(names, more) : names;
  }

  private String evaluation() {
    return training
        .evaluation()
        .map(
            at ->
                """

                ## On held-out text, after %,d steps

                | | |
                |---|---|
                | cross entropy of masked tokens | %.4f nats |
                | guessing by frequency alone | %.4f nats |
                | accuracy of masked tokens | %.2f %% |
                """
                    .formatted(
                        at.step(), at.crossEntropy(), at.unigramEntropy(), 100 * at.accuracy()))
        .orElse("");
  }

  private String settings() {
    String yaml = training.configYaml();
    return yaml.isEmpty()
        ? ""
        : "\n## Settings it was trained under\n\n```yaml\n%s\n```\n".formatted(yaml.strip());
  }
}
