package org.tiedbert.export;

import java.util.Optional;
import java.util.Set;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.model.ModelPart;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/**
 * What there is in a model to be served.
 *
 * @param labels there for a model with a classifier, and for no other
 */
record ModelContents(
    BertConfig config, Vocabulary vocabulary, Set<ModelPart> parts, Optional<Labels> labels) {

  /**
   * @throws InputException if one part of the model speaks of another that is missing
   */
  static ModelContents of(ModelDirectory model) {
    Set<ModelPart> parts = model.parts();
    Optional<Labels> labels = model.labels();
    boolean classifier = parts.contains(ModelPart.CLASSIFIER);
    if (classifier && !parts.contains(ModelPart.POOLER)) {
      throw new InputException(
          "%s holds a classifier (output_weights, output_bias), which reads what the pooler makes of"
                  .formatted(model.prefix())
              + " a text; it holds no pooler (bert/pooler/dense)");
    }
    if (classifier && labels.isEmpty()) {
      throw new InputException(
          "%s holds a classifier (output_weights, output_bias); %s must name its outputs, there is no"
                  .formatted(model.prefix(), model.file(Labels.FILE_NAME))
              + " such file");
    }
    if (!classifier && labels.isPresent()) {
      throw new InputException(
          "%s names the outputs of a classifier; %s holds none (output_weights, output_bias)"
              .formatted(model.file(Labels.FILE_NAME), model.prefix()));
    }
    return new ModelContents(model.config(), model.vocabulary(), parts, labels);
  }

  int numClasses() {
    return labels.map(named -> named.names().size()).orElse(0);
  }

  /** A tokenizer for which all text is text. Builds its tables anew. */
  GraphTokenizer tokenizer() {
    return new GraphTokenizer(
        vocabulary, config.lowerCase(), false, config.encoder().maxPositionEmbeddings());
  }
}
