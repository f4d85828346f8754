package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.tiedbert.eval.AdversarialResults;
import org.tiedbert.eval.Glue;
import org.tiedbert.eval.GlueConfig;
import org.tiedbert.eval.GlueData;
import org.tiedbert.eval.GlueData.MissingTask;
import org.tiedbert.eval.GlueData.TaskData;
import org.tiedbert.eval.GlueResults;
import org.tiedbert.eval.GlueTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert glue}: a model into the papers' table. */
@Command(
    name = "glue",
    customSynopsis = {
      "tiedbert glue --data DIR --init MODEL --output RUN [--protocol P] [OPTION...]",
      "       tiedbert glue --output RUN [--seeds N,N...] [--tasks T,T...]",
      "       tiedbert glue --output RUN --adversarial FILE"
    },
    description = {
      "Fine-tunes a model on every task of GLUE at every point of a grid with every seed, and makes"
          + " the papers' table of it: results.json, table.md and table.csv in the run's folder,"
          + " there from the first cell on. At the end it labels the test sets:"
          + " leaderboard.zip, as gluebenchmark.com takes it.",
      "Ctrl-C or SIGTERM takes a checkpoint first; the same command then continues, and no cell is"
          + " trained twice. Of each task the one model of the highest score is kept, in"
          + " RUN/cells.",
      "Tasks without data are left out, and named."
    },
    footer = {
      "",
      "Examples:",
      "  tiedbert glue --data data/glue --init runs/mine --output runs/glue",
      "  tiedbert glue --data data/glue --init runs/mine --output runs/some --protocol mslt --tasks"
          + " CoLA,RTE --seeds 1,2,3,4,5",
      "  tiedbert glue --output runs/glue --adversarial advglue/dev.json"
    })
final class GlueCommand implements Callable<Integer> {
  @Mixin private GlueOptions options;

  @Option(
      names = "--dry-run",
      description = "Say what would be trained, and which tasks have no data; write nothing.")
  private boolean dryRun;

  @Option(
      names = "--adversarial",
      paramLabel = "FILE",
      description = {
        "Score the kept models on AdvGLUE's development file (dev.json) beside their own development"
            + " sets, instead of training: adversarial.json and adversarial.md."
      })
  private Path adversarial;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (adversarial != null) {
      scoreAdversarial(out);
    } else if (dryRun) {
      print(options.config(spec.commandLine()), out);
    } else {
      train(out);
    }
    return 0;
  }

  private void train(PrintWriter out) {
    Path output = options.output(spec.commandLine());
    GlueConfig config = options.config(spec.commandLine());
    GlueResults results;
    try (GlueLines lines = new GlueLines(spec.commandLine().getErr())) {
      Glue glue =
          new Glue(
              config, GlueConfigReader.write(config), FineTuningConfigReader::write, output, lines);
      results = StopOnSignal.run(glue::run, glue::stop);
    }
    print(new GlueTable(results), out);
    out.printf(
        results.areComplete()
            ? "%nWritten: %s%n".formatted(output.resolve(Glue.RESULTS))
            : "%n%s: stopped; the same command continues it%n".formatted(output));
  }

  private void scoreAdversarial(PrintWriter out) {
    if (dryRun || options.nameTraining()) {
      throw new ParameterException(
          spec.commandLine(), "--adversarial takes --output of a finished table, and nothing else");
    }
    Path output = options.output(spec.commandLine());
    AdversarialResults results;
    try (GlueLines lines = new GlueLines(spec.commandLine().getErr())) {
      results =
          AdversarialResults.score(output, options.begun(spec.commandLine()), adversarial, lines);
    }
    Columns columns = new Columns(results.header().toArray(String[]::new));
    results.table().forEach(row -> columns.add(row.toArray(String[]::new)));
    columns.print(out);
    printNotes(results.notes(), out);
  }

  private static void print(GlueTable table, PrintWriter out) {
    Columns columns = new Columns(table.header().toArray(String[]::new));
    table.rows().forEach(row -> columns.add(row.toArray(String[]::new)));
    columns.print(out);
    printNotes(table.notes(), out);
  }

  private static void printNotes(List<String> notes, PrintWriter out) {
    out.println();
    notes.forEach(out::println);
  }

  private static void print(GlueConfig config, PrintWriter out) {
    GlueData data = GlueData.read(config);
    Columns columns = new Columns("task", "examples", "epochs", "grid points", "seeds", "cells");
    for (TaskData task : data.there()) {
      String name = task.task().name();
      columns.add(
          name,
          "%,d".formatted(task.numExamples()),
          "%d".formatted(config.epochs(name)),
          "%d".formatted(config.grid().points().size()),
          "%d".formatted(config.seeds().size()),
          "%d".formatted(config.cells(List.of(name)).size()));
    }
    columns.print(out);
    out.printf("%nIn all %,d cells.%n", config.cells(data.names()).size());
    for (MissingTask missing : data.missing()) {
      out.printf("%s is left out: %s.%n", missing.task(), missing.reason());
    }
  }
}
