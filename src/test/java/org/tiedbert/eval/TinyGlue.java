package org.tiedbert.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.tiedbert.eval.FineTuningConfig.Weights;
import org.tiedbert.export.TinyModel;
import org.tiedbert.optim.GlobalNormClip;

/**
 * A run, and a folder of GLUE with a few examples: CoLA and RTE in full, QNLI without a training
 * set, nothing of the others. A sentence of the sea is right, or entailed.
 */
public final class TinyGlue {
  private static final List<String> WORDS = List.of("the", "is", "cold", "and", "deep", "on", "it");

  public final Path model;
  public final Path data;

  public TinyGlue(Path folder) {
    model = folder.resolve("model");
    data = folder.resolve("glue");
    TinyModel.writeRun(model, 3);
    cola("train.tsv", 24, 1);
    cola("dev.tsv", 12, 2);
    write("CoLA/test.tsv", "index\tsentence\n0\tthe sea\n1\tthe ship\n2\tit is cold\n");
    pairs("RTE", "train.tsv", 16, 3);
    pairs("RTE", "dev.tsv", 10, 4);
    write("RTE/test.tsv", "index\tsentence1\tsentence2\n0\tthe sea\tit\n1\tthe ship\tit\n");
    pairs("QNLI", "dev.tsv", 4, 5);
  }

  private void cola(String file, int numExamples, long seed) {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < numExamples; i++) {
      int label = random.nextInt(2);
      lines.append("x\t%d\t\t%s%n".formatted(label, sentence(label == 1, random)));
    }
    write("CoLA/" + file, lines.toString());
  }

  private void pairs(String task, String file, int numExamples, long seed) {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder("index\tsentence1\tsentence2\tlabel\n");
    if (task.equals("QNLI")) {
      lines.replace(0, lines.length(), "index\tquestion\tsentence\tlabel\n");
    }
    for (int i = 0; i < numExamples; i++) {
      boolean sea = random.nextBoolean();
      String label = sea ? "entailment" : "not_entailment";
      lines.append("%d\t%s\t%s\t%s%n".formatted(i, sentence(sea, random), word(random), label));
    }
    write(task + "/" + file, lines.toString());
  }

  private static String sentence(boolean sea, Random random) {
    StringBuilder text = new StringBuilder(sea ? "sea" : "ship");
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.insert(0, word(random) + " ");
    }
    return text.toString();
  }

  private static String word(Random random) {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private void write(String file, String text) {
    try {
      Path path = data.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  GlueConfig config(List<Long> seeds, List<Double> learningRates) {
    return new GlueConfig(
        model,
        Weights.PRE_TRAINED,
        data,
        List.of("CoLA", "RTE", "QNLI", "SST-2"),
        seeds,
        new GlueConfig.Grid(learningRates, List.of(8), List.of(0.01)),
        1,
        List.of(new GlueConfig.TaskEpochs("rte", 2)),
        16,
        0.1,
        new GlueConfig.Adam(0.9, 0.999, 1e-6, true),
        new GlobalNormClip(1),
        new Evaluation(1, Optional.empty()),
        new Checkpoints(100),
        new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, 1));
  }
}
