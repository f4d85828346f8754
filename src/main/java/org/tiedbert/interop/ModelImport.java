package org.tiedbert.interop;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundleWriter;
import org.tiedbert.model.ModelPart;

/** Another program's model into a model directory of ours. */
public final class ModelImport {
  /** What optimizers, their schedules and TensorFlow itself leave in a checkpoint. */
  private static final Pattern TRAINING_STATE =
      Pattern.compile(
          "(.+/)?(adam_m|adam_v|lamb_m|lamb_v|Adam|Adam_1|Momentum|ExponentialMovingAverage)"
              + "|(.+/)?(global_step|beta1_power|beta2_power|signal_early_stopping/STOP)");

  private final ForeignModel source;
  private final Path folder;
  private final BertConfig config;

  /**
   * What was imported and what was not.
   *
   * @param config shape, and how text is tokenized
   * @param numParameters how many numbers it has
   * @param parts what it has beside the encoder
   * @param labels of its classifier, if it has one
   * @param trainingState the source's names of tensors that only its training needed; left out
   * @param unknown the source's names of all the others that were left out
   */
  public record Report(
      BertConfig config,
      long numParameters,
      Set<ModelPart> parts,
      Optional<Labels> labels,
      List<String> trainingState,
      List<String> unknown) {}

  /**
   * @param folder where the source is, for messages
   */
  public ModelImport(ForeignModel source, Path folder) {
    this(source, folder, source.config());
  }

  private ModelImport(ForeignModel source, Path folder, BertConfig config) {
    this.source = source;
    this.folder = folder;
    this.config = config;
  }

  /** With text tokenized as said here, whatever the source says. */
  public ModelImport withLowerCase(boolean lowerCase) {
    return new ModelImport(source, folder, new BertConfig(config.encoder(), lowerCase));
  }

  /**
   * Writes the model directory, whole or not at all.
   *
   * @param target the directory to make
   * @throws InteropException listing the parameters that are missing or not of the shape that the
   *     configuration says, or the first that holds NaN or infinity; heads may be missing, but only
   *     as a whole
   * @throws org.tiedbert.text.InputException if the source is damaged, there is something at {@code
   *     target}, or it cannot be written
   */
  public Report write(Path target) {
    RequiredParameters required =
        RequiredParameters.check(
            config.encoder(), source.labels(), source.parameters(), source::shape, folder);
    Optional<Labels> labels =
        source.labels().filter(present -> required.parts().contains(ModelPart.CLASSIFIER));
    ModelDirectory.write(
        target,
        new TensorBundleWriter(required.shapes(), this::values),
        config,
        source.vocabulary(),
        labels);
    return new Report(
        config,
        required.shapes().values().stream().mapToLong(Shape::size).sum(),
        required.parts(),
        labels,
        source.unknown().stream().filter(ModelImport::isTrainingState).toList(),
        source.unknown().stream().filter(name -> !isTrainingState(name)).toList());
  }

  private float[] values(String parameter) {
    float[] values = source.values(parameter);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new InteropException(
            ("%s: %s must hold finite float32 numbers, number %d of it is %s; its training went"
                    + " wrong, or the file is damaged")
                .formatted(folder, parameter, i, values[i]));
      }
    }
    return values;
  }

  private static boolean isTrainingState(String name) {
    return TRAINING_STATE.matcher(name).matches();
  }
}
