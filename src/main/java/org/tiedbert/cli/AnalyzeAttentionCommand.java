package org.tiedbert.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tiedbert.analysis.Attention;
import org.tiedbert.analysis.AttentionMaps;
import org.tiedbert.analysis.AttentionSimilarity;
import org.tiedbert.analysis.Figure;
import org.tiedbert.analysis.LayerFeatures;
import org.tiedbert.analysis.RandomPairs;
import org.tiedbert.analysis.SentencePair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert analyze attention}: where heads look, and how alike layers attend. */
@Command(
    name = "attention",
    customSynopsis = {
      "tiedbert analyze attention --init MODEL... --text TEXT --output DIR [OPTIONS]",
      "       tiedbert analyze attention --init MODEL [MODEL] --input GLOB... --output DIR [OPTIONS]"
    },
    description = {
      "With --text: heat maps of chosen heads and layers over a sentence (MSLT, figure 2), as"
          + " attention.png, .svg and .csv; of several models as attention-1, attention-2 and so"
          + " on.",
      "With --input: how alike the layers of a model attend (MSLT, figure 3), of two models also"
          + " across them, such as before and after stacking, as attention-similarity. For two"
          + " layers it is the mean of 1 - JSD over random sentences, heads of the same number and"
          + " tokens; JSD is the Jensen-Shannon divergence of the two distributions over the tokens,"
          + " in bits. 1: they attend alike; 0: never to the same token."
    },
    footer = {
      "",
      "Examples:",
      "  tiedbert analyze attention --init runs/mine --text 'The ship left.' \\",
      "    --layers 1,12 --heads 1,5 --output figures",
      "  tiedbert analyze attention --init runs/mslt/checkpoints/step-1000 runs/mslt \\",
      "    --name before after --input 'texts/*.txt' --output figures"
    })
final class AnalyzeAttentionCommand implements Callable<Integer> {
  private static final int MAX_MAPS = 36;

  @Mixin private ModelsOptions models;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "The sentence; [MASK] in it is the mask.")
  private String text;

  @Option(
      names = "--layers",
      split = ",",
      paramLabel = "N",
      description = "Layers from 1. Default: the bottom and the top one.")
  private List<Integer> layers;

  @Option(
      names = "--heads",
      split = ",",
      paramLabel = "N",
      description = "Heads from 1. Default: the first two.")
  private List<Integer> heads;

  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "GLOB",
      description = "Text files, as 'analyze dissimilarity' takes them.")
  private List<String> globs;

  @Option(
      names = "--sentences",
      paramLabel = "N",
      defaultValue = "100",
      description = "Random sentences of these. Default: ${DEFAULT-VALUE}.")
  private int numSentences;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the choice of sentences. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    models.names();
    if (text != null && text.isBlank()) {
      throw usage("--text must be a sentence, got nothing");
    }
    if (text == null && globs == null) {
      throw usage("a sentence is needed, --text, or sentences of files, --input");
    }
    if (globs != null && models.numModels() > 2) {
      throw usage("--input compares one or two models, got " + models.numModels());
    }
    if (globs != null && (numSentences < 4 || numSentences % 2 != 0)) {
      throw usage("--sentences must be an even number from 4, got " + numSentences);
    }
    List<String> sentences = globs == null ? List.of() : randomSentences();
    if (text != null) {
      maps();
    }
    if (globs != null) {
      models.write(List.of(AttentionSimilarity.figure(similarities(sentences))));
    }
    return 0;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private void maps() {
    int[] number = {0};
    models.write(
        models.each(
            (name, model) -> {
              number[0]++;
              String figure = models.numModels() == 1 ? "attention" : "attention-" + number[0];
              return map(figure, model);
            }));
  }

  private Figure map(String figure, LayerFeatures model) {
    List<Integer> chosenLayers =
        layers != null ? layers : Stream.of(1, model.numLayers()).distinct().toList();
    List<Integer> chosenHeads =
        heads != null ? heads : AttentionMaps.all(Math.min(2, model.numHeads()));
    if (chosenLayers.size() * chosenHeads.size() > MAX_MAPS) {
      throw usage(
          "a figure has up to %d maps, %d layers of %d heads are %d"
              .formatted(
                  MAX_MAPS,
                  chosenLayers.size(),
                  chosenHeads.size(),
                  chosenLayers.size() * chosenHeads.size()));
    }
    try {
      return AttentionMaps.figure(figure, model.attention(text), chosenLayers, chosenHeads);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private List<String> randomSentences() {
    RandomPairs random = new RandomPairs(numSentences / 2, seed);
    SentencesOptions.forEach(spec, globs, random::add);
    List<String> sentences = new ArrayList<>();
    for (SentencePair pair : random.pairs()) {
      sentences.addAll(List.of(pair.first(), pair.second()));
    }
    return sentences;
  }

  /** Within each model and, of two, between them. */
  private List<AttentionSimilarity> similarities(List<String> sentences) {
    List<String> names = models.names();
    boolean two = models.numModels() == 2;
    try (LayerFeatures first = models.open(0);
        LayerFeatures second = two ? models.open(1) : null;
        WorkProgress progress =
            WorkProgress.start(
                spec.commandLine().getErr(),
                "Attending",
                WorkProgress.Unit.SENTENCE,
                sentences.size())) {
      List<AttentionSimilarity.Builder> builders = new ArrayList<>();
      builders.add(new AttentionSimilarity.Builder(names.get(0), names.get(0)));
      if (two) {
        builders.add(new AttentionSimilarity.Builder(names.get(1), names.get(1)));
        builders.add(new AttentionSimilarity.Builder(names.get(0), names.get(1)));
      }
      IntStream.range(0, sentences.size())
          .forEach(
              i -> {
                Attention a = first.attention(sentences.get(i));
                builders.get(0).add(a, a);
                if (two) {
                  Attention b = second.attention(sentences.get(i));
                  builders.get(1).add(b, b);
                  builders.get(2).add(a, b);
                }
                progress.at(i + 1, "");
              });
      models.tellTruncated(names.get(0), first);
      if (two) {
        models.tellTruncated(names.get(1), second);
      }
      return builders.stream().map(AttentionSimilarity.Builder::build).toList();
    }
  }
}
