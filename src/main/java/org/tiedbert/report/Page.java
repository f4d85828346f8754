package org.tiedbert.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.tiedbert.engine.Build;

/** The page itself: what stands around the sections. */
record Page(RunContents run, List<Section> sections) {

  /** A section that is HTML already. */
  record Part(String id, String title, String html) {}

  /**
   * @param state a word for what became of the run: {@code finished}, {@code running}, {@code
   *     stopped}
   * @param status the same in a sentence
   */
  record Model(
      String name,
      String kind,
      String state,
      String status,
      boolean hasNotes,
      List<String> notes,
      List<Part> parts,
      String written,
      String program) {}

  String html() {
    List<Part> parts =
        sections.stream()
            .map(
                section ->
                    new Part(
                        section.id(),
                        section.title(),
                        Templates.fill(section.template(), section.model())))
            .toList();
    Status status = Status.of(run);
    return Templates.fill(
        "page",
        new Model(
            run.name(),
            run.kind().inWords(),
            status.state(),
            status.sentence(),
            !run.notes().isEmpty(),
            run.notes(),
            parts,
            now(),
            "TiedBERT " + Build.current().tiedBert()));
  }

  private static String now() {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
        .format(Instant.now().atOffset(ZoneOffset.UTC));
  }
}
