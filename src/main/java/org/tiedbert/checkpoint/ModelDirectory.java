package org.tiedbert.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.tensorflow.exceptions.TensorFlowException;
import org.tiedbert.model.ModelPart;
import org.tiedbert.text.Vocabulary;

/**
 * A model that something is made from: parameters, shape and vocabulary in one intact directory.
 *
 * @param path holds the manifest and the files it lists
 * @param config shape of the parameters
 * @param vocabulary as large as the shape says
 */
public record ModelDirectory(Path path, BertConfig config, Vocabulary vocabulary) {

  /**
   * Opens what commands take as MODEL: a run directory, whose newest intact checkpoint it is or,
   * after fine-tuning, the model of its best score; or a directory of the same files with a
   * manifest: one checkpoint, or an imported model.
   *
   * @param damaged told of each newer checkpoint of the run that is passed over
   * @throws CheckpointException if there is no such model, or it is damaged
   */
  public static ModelDirectory open(Path model, Consumer<CheckpointException> damaged) {
    if (!Files.isDirectory(model)) {
      throw new CheckpointException(
          "a model is a run directory or a checkpoint directory, there is no directory " + model);
    }
    return RunDirectory.isAt(model) ? newest(new RunDirectory(model), damaged) : verified(model);
  }

  private static ModelDirectory newest(RunDirectory run, Consumer<CheckpointException> damaged) {
    Path checkpoints = Files.isDirectory(run.best()) ? run.best() : run.checkpoints();
    return new CheckpointStore(checkpoints, CheckpointStore.KEEP_ALL)
        .latest(damaged)
        .map(checkpoint -> read(checkpoint.path()))
        .orElseThrow(
            () ->
                new CheckpointException(
                    "run %s has no checkpoint in %s yet; let it train until it has saved one"
                        .formatted(run.path(), checkpoints)));
  }

  private static ModelDirectory verified(Path directory) {
    if (!Files.exists(directory.resolve(CheckpointManifest.FILE_NAME))) {
      throw new CheckpointException(
          "%s is no model: it must hold %s; 'tiedbert import' makes a model of another program's files"
              .formatted(directory, CheckpointManifest.FILE_NAME));
    }
    CheckpointManifest manifest = CheckpointManifest.read(directory);
    manifest.requireIntact(directory);
    manifest.requireListed(directory, ModelDirectory::isRead);
    return read(directory);
  }

  private static boolean isRead(String name) {
    return name.startsWith(Checkpoint.PREFIX + ".")
        || Set.of(BertConfig.FILE_NAME, Vocabulary.FILE_NAME, Labels.FILE_NAME, Checkpoint.STATE)
            .contains(name);
  }

  private static ModelDirectory read(Path directory) {
    BertConfig config = BertConfig.read(directory.resolve(BertConfig.FILE_NAME));
    Vocabulary vocabulary = Vocabulary.read(directory.resolve(Vocabulary.FILE_NAME));
    if (vocabulary.size() != config.encoder().vocabSize()) {
      throw new CheckpointException(
          "%s: %s must have vocab_size=%d tokens, it has %d"
              .formatted(
                  directory,
                  Vocabulary.FILE_NAME,
                  config.encoder().vocabSize(),
                  vocabulary.size()));
    }
    return new ModelDirectory(directory, config, vocabulary);
  }

  /**
   * Writes a model that comes from no run of ours, whole or not at all.
   *
   * @param target the directory to make
   * @param bundle writes the parameters
   * @param labels what the classifier's outputs stand for, if there is a classifier
   * @throws CheckpointException if there is something at {@code target}, or the model cannot be
   *     written or does not hold what it must; no part of it stays then
   * @throws IllegalArgumentException if the vocabulary has another size than the shape says
   */
  public static void write(
      Path target,
      BundleWriter bundle,
      BertConfig config,
      Vocabulary vocabulary,
      Optional<Labels> labels) {
    if (vocabulary.size() != config.encoder().vocabSize()) {
      throw new IllegalArgumentException(
          "a model with vocabSize=%d needs as many tokens, got %d"
              .formatted(config.encoder().vocabSize(), vocabulary.size()));
    }
    Map<String, byte[]> files = new HashMap<>();
    files.put(BertConfig.FILE_NAME, config.bytes());
    files.put(Vocabulary.FILE_NAME, vocabulary.bytes());
    labels.ifPresent(present -> files.put(Labels.FILE_NAME, present.bytes()));
    CheckpointContents contents = new CheckpointContents(Optional.empty(), bundle, files, false);
    try {
      WholeDirectory.write(target, contents::writeTo);
    } catch (FileAlreadyExistsException e) {
      throw new CheckpointException(
          "%s exists; name another folder, or delete this one".formatted(target), e);
    } catch (IOException | UncheckedIOException | TensorFlowException e) {
      throw new CheckpointException(
          "model %s could not be written, no part of it stays: %s"
              .formatted(target, CheckpointStore.reason(e)),
          e);
    }
  }

  /** The prefix of the bundle that holds the parameters. */
  public Path prefix() {
    return path.resolve(Checkpoint.PREFIX);
  }

  /** A further file of the model, such as {@code config.yaml}; it may be missing. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /**
   * What there is beside the encoder.
   *
   * @throws CheckpointException if the bundle's index is damaged
   */
  public Set<ModelPart> parts() {
    try (TensorBundle bundle = TensorBundle.open(prefix())) {
      return ModelPart.among(bundle.names());
    }
  }

  /** What the classifier's outputs stand for; empty for a model without one. */
  public Optional<Labels> labels() {
    Path file = path.resolve(Labels.FILE_NAME);
    return Files.exists(file) ? Optional.of(Labels.read(file)) : Optional.empty();
  }

  /** Where the run stood; empty for a model that comes from no run of ours. */
  public Optional<TrainingState> state() {
    Path file = path.resolve(Checkpoint.STATE);
    return Files.exists(file)
        ? Optional.of(Json.read(file, TrainingState.class))
        : Optional.empty();
  }
}
