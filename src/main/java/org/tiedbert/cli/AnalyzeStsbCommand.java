package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.tiedbert.analysis.StsBenchmark;
import org.tiedbert.analysis.StsFigures;
import org.tiedbert.eval.Example;
import org.tiedbert.eval.GlueTasks;
import org.tiedbert.eval.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiedbert analyze stsb}: how well features tell the similarity of sentences. */
@Command(
    name = "stsb",
    customSynopsis = "tiedbert analyze stsb --init MODEL... --data DIR --output DIR [OPTIONS]",
    description = {
      "Draws how far cosines of sentences' features are from people's labels in STS-B, without"
          + " fine-tuning, at every layer (Semantic-Augment, figure 4).",
      "The similarity error is the root of the mean of (cosine - label / 5) squared, over all pairs"
          + " and over those with a label above 0.5, 1.5, 2.5, 3.5 and 4.5. Spearman's and Pearson's"
          + " correlations of cosines and labels are drawn too.",
      "Writes stsb-error and stsb-correlation, each as .png, .svg and .csv."
    },
    footer = {
      "",
      "Example:",
      "  tiedbert analyze stsb --init data/minilm runs/tied --data data/glue --output figures"
    })
final class AnalyzeStsbCommand implements Callable<Integer> {
  /** Files with labels. */
  enum LabelledSet {
    dev,
    train
  }

  @Mixin private ModelsOptions models;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The folder of STS-B, or the one that holds it as STS-B.")
  private Path data;

  @Option(
      names = "--set",
      paramLabel = "SET",
      defaultValue = "dev",
      description = "dev or train. Default: ${DEFAULT-VALUE}.")
  private LabelledSet set;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    models.names();
    Task task = GlueTasks.named("STS-B");
    Task.DataSet chosen = set == LabelledSet.dev ? task.devSets().get(0) : task.train();
    List<Example> examples = chosen.read(GlueTasks.folder(data, task));
    List<StsBenchmark> measured =
        models.each(
            (name, model) -> {
              try (WorkProgress progress =
                  WorkProgress.start(
                      spec.commandLine().getErr(), name, WorkProgress.Unit.PAIR, examples.size())) {
                return StsBenchmark.of(name, model, examples, done -> progress.at(done, ""));
              }
            });
    models.write(List.of(StsFigures.errors(measured), StsFigures.correlations(measured)));
    return 0;
  }
}
