package org.tiedbert.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.tiedbert.analysis.Dissimilarity;
import org.tiedbert.analysis.RandomPairs;
import org.tiedbert.analysis.SentencePair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert analyze dissimilarity}: how far apart models hold unrelated sentences. */
@Command(
    name = "dissimilarity",
    customSynopsis =
        "tiedbert analyze dissimilarity --init MODEL... --input GLOB... --output DIR [OPTIONS]",
    description = {
      "Draws the mean of 1 - cosine of random pairs of sentences, at every layer (Semantic-Augment,"
          + " figure 3).",
      "A sentence's features are the mean of its tokens' hidden states, [CLS] and [SEP] among them."
          + " Error bars are two standard errors to each side.",
      "Writes dissimilarity.png, .svg and .csv, and the pairs as dissimilarity-pairs.csv."
    },
    footer = {
      "",
      "Example:",
      "  tiedbert analyze dissimilarity --init runs/tied runs/untied --name Tied-BERT BERT \\",
      "    --input 'texts/*.txt' --output figures"
    })
final class AnalyzeDissimilarityCommand implements Callable<Integer> {
  @Mixin private ModelsOptions models;
  @Mixin private SentencesOptions sentences;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Random pairs of sentences. Default: ${DEFAULT-VALUE}.")
  private int numPairs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the choice of pairs. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    models.names();
    RandomPairs random = randomPairs();
    sentences.forEach(random::add);
    List<SentencePair> pairs = random.pairs();
    List<Dissimilarity> measured =
        models.each(
            (name, model) -> {
              try (WorkProgress progress =
                  WorkProgress.start(
                      spec.commandLine().getErr(), name, WorkProgress.Unit.PAIR, pairs.size())) {
                return Dissimilarity.of(name, model, pairs, done -> progress.at(done, ""));
              }
            });
    models.write(List.of(Dissimilarity.figure(measured)));
    spec.commandLine()
        .getOut()
        .println(SentencePair.table(pairs).write(models.output(), "dissimilarity-pairs"));
    return 0;
  }

  private RandomPairs randomPairs() {
    try {
      return new RandomPairs(numPairs, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--pairs: " + e.getMessage(), e);
    }
  }
}
