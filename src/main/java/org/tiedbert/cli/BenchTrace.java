package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tiedbert.train.StepTrace;
import org.tiedbert.train.StepTrace.Traced;
import org.tiedbert.train.StepTrace.TypeTime;

/** {@code bench --trace}: where one step's time goes. */
final class BenchTrace {
  private BenchTrace() {}

  /** The format of chrome://tracing, which Perfetto reads too. */
  record ChromeTrace(List<Event> traceEvents, String displayTimeUnit) {}

  /**
   * A complete event.
   *
   * @param ts start in microseconds
   * @param dur duration in microseconds
   */
  record Event(
      String name,
      String cat,
      String ph,
      double ts,
      double dur,
      int pid,
      int tid,
      Map<String, String> args) {}

  /** What operations of each type took. */
  record Summary(List<TypeTime> types) {}

  static Summary write(StepTrace trace, Path file, PrintWriter out) {
    WholeJson.write(file, chrome(trace));
    Summary summary = new Summary(trace.byType());
    Columns columns = new Columns("operation", "number", "time", "share");
    for (TypeTime type : summary.types()) {
      columns.add(
          type.type(),
          "%,d".formatted(type.number()),
          Readable.seconds(type.seconds()),
          "%.1f%%".formatted(100 * type.share()));
    }
    columns.print(out);
    out.printf(
        "%nTimes of all threads together. %s has the step for chrome://tracing and"
            + " ui.perfetto.dev.%n",
        file);
    return summary;
  }

  private static ChromeTrace chrome(StepTrace trace) {
    List<String> devices = trace.operations().stream().map(Traced::device).distinct().toList();
    List<Event> events = new ArrayList<>();
    double start = trace.operations().get(0).startMicros();
    for (Traced one : trace.operations()) {
      events.add(
          new Event(
              one.type(),
              "op",
              "X",
              one.startMicros() - start,
              one.micros(),
              devices.indexOf(one.device()),
              one.thread(),
              Map.of("name", one.name(), "inputs", one.inputs(), "output", one.shape())));
    }
    return new ChromeTrace(events, "ms");
  }
}
