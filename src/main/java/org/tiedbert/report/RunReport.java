package org.tiedbert.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;

/**
 * One page about a run: HTML that needs no other file and no network. The run may be finished,
 * stopped, killed, damaged or still being written; the page says what of it could not be read.
 */
public final class RunReport {
  private static final String FILE = "index.html";

  private final RunDirectory run;
  private final DefaultSettings defaults;
  private final boolean samples;

  /**
   * @param run RUN, a run's directory
   * @param defaults what settings are compared with
   * @param samples whether the newest checkpoint is loaded and asked, which takes a few seconds
   * @throws InputException if there is no run at {@code run}
   */
  public RunReport(Path run, DefaultSettings defaults, boolean samples) {
    this.run = new RunDirectory(run);
    this.defaults = defaults;
    this.samples = samples;
    if (!RunDirectory.isAt(run) && !Files.exists(this.run.metrics())) {
      throw new InputException(
          "%s is no run: it must be the --output of pretrain, finetune or glue, and hold %s"
              .formatted(run, this.run.metrics().getFileName()));
    }
  }

  /** Where the page goes unless somebody says otherwise: RUN/report/index.html. */
  public Path defaultFile() {
    return run.report().resolve(FILE);
  }

  /**
   * Writes the page, whole or not at all, over one that is there.
   *
   * @throws InputException if it cannot be written
   */
  public void write(Path file) {
    byte[] page = html().getBytes(StandardCharsets.UTF_8);
    try {
      WholeFile.makeFolder(file.toAbsolutePath().getParent());
      WholeFile.write(file, page);
    } catch (IOException e) {
      throw new InputException(
          "report %s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  /** The page. */
  String html() {
    RunContents contents = RunContents.read(run);
    List<Section> sections = sources().flatMap(source -> source.of(contents).stream()).toList();
    return new Page(contents, sections).html();
  }

  /** In the order of the page. */
  private Stream<SectionSource> sources() {
    return Stream.of(
        new HeadlineSection(),
        new TuningSection(),
        new GlueSection(),
        new StagesSection(),
        new RecoveriesSection(),
        new CurvesSection(),
        new TuningCurvesSection(),
        new PredictionsSection(),
        samples ? new SamplesSection() : none(),
        new CheckpointsSection(),
        new DataSection(),
        new SettingsSection(defaults),
        new EnvironmentSection());
  }

  private static SectionSource none() {
    return run -> Optional.empty();
  }
}
