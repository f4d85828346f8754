package org.tiedbert.report;

import java.util.List;
import java.util.Optional;

/** Where a run diverged, and where it went on from. */
final class RecoveriesSection implements SectionSource {

  record Row(String step, String from, String sequences, String reason) {}

  record Model(List<Row> rows) {}

  @Override
  public Optional<Section> of(RunContents run) {
    if (run.recoveries().isEmpty()) {
      return Optional.empty();
    }
    List<Row> rows =
        run.recoveries().stream()
            .map(
                recovery ->
                    new Row(
                        Numbers.count(recovery.step()),
                        Numbers.count(recovery.from()),
                        Numbers.count(recovery.endSequence() - recovery.firstSequence()),
                        recovery.reason()))
            .toList();
    return Optional.of(new Section("recoveries", "Recoveries", "recoveries", new Model(rows)));
  }
}
