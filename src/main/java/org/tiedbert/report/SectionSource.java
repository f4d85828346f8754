package org.tiedbert.report;

import java.util.Optional;

/** Makes one part of the page of a run. A further part is a further one of these. */
@FunctionalInterface
interface SectionSource {
  /** Empty where a run of this kind has no such part. */
  Optional<Section> of(RunContents run);
}
