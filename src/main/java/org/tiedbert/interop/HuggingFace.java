package org.tiedbert.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;

/**
 * Folders of Hugging Face's {@code transformers}, in and out: {@code config.json}, safetensors,
 * tokenizer files.
 */
public final class HuggingFace {
  /**
   * Holds, beside the model, the parameters that its architecture has no place for, such as the
   * pooler of a {@code BertForMaskedLM}; {@code transformers} passes the file by.
   */
  static final String EXTRA = "extra.safetensors";

  private HuggingFace() {}

  /**
   * Opens any BERT: with {@code bert.} before its names or without, in float64, float32, float16 or
   * bfloat16, in one file or in several, with or without pooler, masked-LM, next-sentence and
   * sequence-classification head. Other tensors, such as the heads of other architectures, are its
   * {@link ForeignModel#unknown()}.
   *
   * <p>Where the embeddings have more rows than the vocabulary has tokens, the vocabulary is
   * continued with {@code [unusedN]}.
   *
   * @throws org.tiedbert.text.InputException if a file is missing or damaged, files disagree, or
   *     the model computes something that no model here does; the message says what
   */
  public static ForeignModel open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new InteropException(
          "a Hugging Face model is a folder with %s, there is no folder %s"
              .formatted(HuggingFaceConfig.FILE_NAME, folder));
    }
    if (!Files.exists(folder.resolve(HuggingFaceConfig.FILE_NAME))
        && Files.exists(folder.resolve(GoogleConfig.FILE_NAME))) {
      throw new InteropException(
          "%s holds no %s but %s, which folders of google-research/bert have; import it as one"
              .formatted(folder, HuggingFaceConfig.FILE_NAME, GoogleConfig.FILE_NAME));
    }
    HuggingFaceConfig config = HuggingFaceConfig.read(folder);
    SafetensorsFolder tensors = SafetensorsFolder.open(folder);
    try {
      if (Files.exists(folder.resolve(EXTRA))) {
        tensors.add(folder.resolve(EXTRA));
      }
      return new HuggingFaceModel(folder, config, tensors);
    } catch (RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  /**
   * Writes a model as a folder that {@code from_pretrained} loads, whole or not at all. The class
   * named in its {@code config.json} finds every tensor it has and no other: {@code
   * BertForSequenceClassification} for a model with a classifier, {@code BertForPreTraining} for
   * one with both pre-training heads, {@code BertForMaskedLM} for one with only that head, {@code
   * BertModel} for one without. Nothing is lost: what the class has no place for goes into {@code
   * extra.safetensors}, which {@link #open} reads too.
   *
   * @param folder the folder to make
   * @throws org.tiedbert.text.InputException if there is something at {@code folder}, it cannot be
   *     written, or the model is damaged
   */
  public static void write(ModelDirectory model, Path folder) {
    try (TensorBundle bundle = TensorBundle.open(model.prefix())) {
      new HuggingFaceWriter(model, bundle).write(folder);
    }
  }
}
