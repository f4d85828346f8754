package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.train.PreTrainingConfig;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What {@code bench} trains, by options: a configuration and the length of its sequences. */
final class BenchSettings {
  private static final Pattern SHAPE =
      Pattern.compile("(\\d{1,6}),(\\d{1,6}),(\\d{1,6}),(\\d{1,6})");

  private static final String VIEW =
      "{kind: tokenMasking, rate: 0.15, maskProb: 0.8, randomProb: 0.1}";

  @ArgGroup private Source source;

  /** What gives the encoder's shape, and all other settings their defaults. */
  static final class Source {
    @Option(
        names = "--shape",
        paramLabel = "L,H,A,S",
        description =
            "A BERT of L layers, hidden size H and A attention heads, on sequences of S tokens.")
    private String shape;

    @Option(
        names = "--preset",
        paramLabel = "NAME",
        description = "A preset: ${COMPLETION-CANDIDATES}.",
        completionCandidates = ConfigOptions.Presets.class)
    private String preset;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "A configuration in YAML, as pretrain takes it; its shards are not read.")
    private Path file;
  }

  @Option(
      names = "--batch",
      paramLabel = "B",
      description =
          "Sequences of a step, all at once. Default: as in the configuration, which is 256 in"
              + " micro-batches of 32 for a shape.")
  private Integer batchSize;

  @Option(
      names = "--seq-length",
      paramLabel = "S",
      description = "Tokens of a sequence, for a preset or a configuration. Default: 128.")
  private Integer maxSeqLength;

  @Option(
      names = "--vocab-size",
      paramLabel = "V",
      description = "Size of the vocabulary. Default: as in the configuration, 30522 for a shape.")
  private Integer vocabSize;

  @Option(
      names = "--views",
      paramLabel = "N",
      description =
          "1 noised view of a sequence, or 2 that are tied. Default: as configured, or 1.")
  private Integer numViews;

  @Option(
      names = "--precision",
      paramLabel = "FORMAT",
      description = "Of matrix products: float32 or bfloat16. Default: as configured, or float32.")
  private Precision precision;

  @Option(
      names = "--xla",
      paramLabel = "MODE",
      description = "What XLA compiles: off, fusible or full. Default: as configured, or off.")
  private XlaMode xla;

  @Option(
      names = "--set",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Overrides other settings, by path: --set data.microBatchSize=16")
  private List<String> overrides = new ArrayList<>();

  void requireSense(CommandSpec spec) {
    if (source == null) {
      throw missing(spec);
    }
    if (source.shape != null && !SHAPE.matcher(source.shape).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--shape must be four numbers L,H,A,S such as 4,256,4,128, got " + source.shape);
    }
    if (source.shape != null && maxSeqLength != null) {
      throw new ParameterException(
          spec.commandLine(), "--shape has the sequence length; leave out --seq-length");
    }
    if (numViews != null && numViews != 1 && numViews != 2) {
      throw new ParameterException(spec.commandLine(), "--views must be 1 or 2, got " + numViews);
    }
    if (maxSeqLength() < 3) {
      throw new ParameterException(
          spec.commandLine(),
          "sequences must have at least 3 tokens, [CLS] a word [SEP], got " + maxSeqLength());
    }
  }

  static ParameterException missing(CommandSpec spec) {
    return new ParameterException(
        spec.commandLine(), "--shape L,H,A,S, --preset NAME or --config FILE is needed");
  }

  /** Tokens of a sequence. */
  int maxSeqLength() {
    if (source.shape != null) {
      return shape(4);
    }
    return maxSeqLength == null ? 128 : maxSeqLength;
  }

  private int shape(int place) {
    Matcher shape = SHAPE.matcher(source.shape);
    shape.matches();
    return Integer.parseInt(shape.group(place));
  }

  /** The configuration, for steps of so many threads. */
  PreTrainingConfig config(int numThreads) {
    List<String> settings = settings();
    settings.add("engine.numThreads=" + numThreads);
    settings.addAll(overrides);
    if (source.shape != null) {
      return RunConfigReader.defaults(settings);
    }
    return source.preset != null
        ? RunConfigReader.preset(source.preset, settings)
        : RunConfigReader.read(source.file, settings);
  }

  private List<String> settings() {
    List<String> settings = new ArrayList<>(List.of("data.shards='made-up sequences'"));
    if (source.shape != null) {
      settings.add("model.numHiddenLayers=" + shape(1));
      settings.add("model.hiddenSize=" + shape(2));
      settings.add("model.numAttentionHeads=" + shape(3));
      settings.add("model.intermediateSize=" + 4 * shape(2));
      settings.add("model.maxPositionEmbeddings=" + shape(4));
    }
    if (batchSize != null) {
      settings.add("data.batchSize=" + batchSize);
      settings.add("data.microBatchSize=" + batchSize);
    }
    if (vocabSize != null) {
      settings.add("model.vocabSize=" + vocabSize);
    }
    if (numViews != null) {
      settings.add("noise.views=[%s]".formatted(numViews == 1 ? VIEW : VIEW + ", " + VIEW));
      settings.add("loss.tiedWeight=" + (numViews - 1));
    }
    if (precision != null) {
      settings.add("engine.precision=" + Spelling.ofConstant(precision));
    }
    if (xla != null) {
      settings.add("engine.xla=" + Spelling.ofConstant(xla));
    }
    return settings;
  }
}
