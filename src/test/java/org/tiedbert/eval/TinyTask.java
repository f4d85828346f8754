package org.tiedbert.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.eval.FineTuningConfig.Checkpoints;
import org.tiedbert.eval.FineTuningConfig.Evaluation;
import org.tiedbert.eval.FineTuningConfig.Rate;
import org.tiedbert.eval.FineTuningConfig.Weights;
import org.tiedbert.export.TinyModel;
import org.tiedbert.optim.AdamW;
import org.tiedbert.optim.GlobalNormClip;

/** A run and a data set that are made in a moment: does a text speak of the sea or of a ship? */
final class TinyTask {
  private static final List<String> WORDS = List.of("the", "is", "cold", "and", "deep", "on", "it");

  final Path model;
  final Path train;
  final Path dev;

  TinyTask(Path folder) {
    model = folder.resolve("model");
    TinyModel.writeRun(model, 3);
    train = write(folder.resolve("train.tsv"), 96, 1);
    dev = write(folder.resolve("dev.tsv"), 40, 2);
  }

  static Path write(Path file, int numExamples, long seed) {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder("text\tlabel\n");
    for (int i = 0; i < numExamples; i++) {
      boolean sea = random.nextBoolean();
      StringBuilder text = new StringBuilder(sea ? "sea" : "ship");
      for (int word = random.nextInt(8); word >= 0; word--) {
        text.insert(0, WORDS.get(random.nextInt(WORDS.size())) + " ");
      }
      lines.append(text).append('\t').append(sea ? "water" : "boat").append('\n');
    }
    return write(file, lines.toString());
  }

  static Path write(Path file, String text) {
    try {
      return Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FineTuningConfig config() {
    return config(classification(), new Evaluation(1, Optional.empty()), 4);
  }

  TaskConfig classification() {
    return new TaskConfig.Classification(
        train, dev, Optional.empty(), "text", Optional.empty(), "label");
  }

  FineTuningConfig config(TaskConfig task, Evaluation evaluation, int epochs) {
    return new FineTuningConfig(
        1,
        model,
        Weights.PRE_TRAINED,
        task,
        16,
        8,
        epochs,
        new Rate(1e-2, 0.1),
        new AdamW(0.9, 0.999, 1e-6, 0.01, true),
        new GlobalNormClip(1),
        evaluation,
        new Checkpoints(7),
        new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, 1));
  }
}
