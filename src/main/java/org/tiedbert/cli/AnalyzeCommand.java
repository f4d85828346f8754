package org.tiedbert.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert analyze}: models and runs into the papers' figures. */
@Command(
    name = "analyze",
    customSynopsis = "tiedbert analyze (dissimilarity | stsb | attention | curves) [OPTIONS]",
    description = {
      "Draws the figures of the papers for models and runs of your own.",
      "Each figure is written three times: NAME.png, NAME.svg and, with the numbers, NAME.csv."
    },
    subcommands = {
      AnalyzeDissimilarityCommand.class,
      AnalyzeStsbCommand.class,
      AnalyzeAttentionCommand.class,
      AnalyzeCurvesCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  tiedbert analyze dissimilarity --init runs/tied runs/untied --input 'texts/*.txt' \\",
      "    --output figures",
      "  tiedbert analyze curves --run runs/mslt runs/plain --output figures"
    })
final class AnalyzeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which figure? dissimilarity, stsb, attention or curves");
  }
}
