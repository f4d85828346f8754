package org.tiedbert.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.checkpoint.TensorBundleWriter;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.text.Vocabulary;

/**
 * Folders of google-research/bert, in and out: {@code bert_model.ckpt.*}, {@code bert_config.json}
 * and {@code vocab.txt}. Their variables have the names and the layout of our parameters.
 */
public final class GoogleBert {

  private GoogleBert() {}

  /**
   * Opens a released or fine-tuned model.
   *
   * <p>Such a folder does not say whether its text is lowered. It is taken to be so if there is no
   * token that lowered text without accents could not hold, special ones apart; a capital or an
   * accent is enough to show the opposite.
   *
   * @throws InteropException if the folder is none of google-research/bert, or holds a model that
   *     there is none of here
   * @throws org.tiedbert.text.InputException if its checkpoint or vocabulary is damaged
   */
  public static ForeignModel open(Path folder) {
    Path prefix = GoogleCheckpoint.in(folder);
    GoogleConfig config = GoogleConfig.read(folder.resolve(GoogleConfig.FILE_NAME));
    Vocabulary vocabulary = Vocabulary.read(folder.resolve(Vocabulary.FILE_NAME));
    if (vocabulary.size() != config.encoder().vocabSize()) {
      throw new InteropException(
          "%s: %s must have vocab_size=%d tokens, as %s says; it has %d. For rows that no token has, add lines [unused0], [unused1] and so on"
              .formatted(
                  folder,
                  Vocabulary.FILE_NAME,
                  config.encoder().vocabSize(),
                  GoogleConfig.FILE_NAME,
                  vocabulary.size()));
    }
    TensorBundle bundle = TensorBundle.open(prefix);
    try {
      return new GoogleModel(folder, prefix, bundle, config, vocabulary);
    } catch (RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  /**
   * Writes a model as google-research/bert names and lays it out, whole or not at all: all its
   * parameters, nothing of its training. Labels go into a file that Google's code does not read.
   *
   * @param folder to be made
   * @throws InteropException if there is something at {@code folder}, or it cannot be written
   * @throws org.tiedbert.text.InputException if the model is damaged
   */
  public static void write(ModelDirectory model, Path folder) {
    EncoderConfig encoder = model.config().encoder();
    Optional<Labels> labels = model.labels();
    try (TensorBundle bundle = TensorBundle.open(model.prefix())) {
      RequiredParameters required = RequiredParameters.of(model, bundle);
      ForeignFolder.write(
          folder,
          directory -> {
            new TensorBundleWriter(required.shapes(), bundle::floats)
                .write(directory.resolve(GoogleCheckpoint.RELEASED));
            Files.write(directory.resolve(GoogleConfig.FILE_NAME), GoogleConfig.bytes(encoder));
            Files.write(directory.resolve(Vocabulary.FILE_NAME), model.vocabulary().bytes());
            if (labels.isPresent()) {
              Files.write(directory.resolve(Labels.FILE_NAME), labels.get().bytes());
            }
          });
    }
  }
}
