package org.tiedbert.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tiedbert.text.InputException;
import org.tiedbert.train.SteppedStage;

/** {@code bench --turns}: steps when another program says so, and not otherwise. */
final class BenchTurns {
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,5}");

  private final PrintWriter out;
  private final StandardInput input = new StandardInput();

  BenchTurns(PrintWriter out) {
    this.out = out;
  }

  /** Until standard input ends. */
  void take(SteppedStage stage) {
    out.println("ready");
    out.flush();
    for (List<String> line = input.next(1); !line.isEmpty(); line = input.next(1)) {
      String number = line.get(0).strip();
      if (!NUMBER.matcher(number).matches()) {
        throw new InputException(
            "standard input, line %d: expected a number of steps from 1 to 999999, got '%s'"
                .formatted(input.lineNumber(), number));
      }
      out.println(
          Arrays.stream(stage.steps(Integer.parseInt(number)))
              .mapToObj(seconds -> String.format(Locale.ROOT, "%.6f", seconds))
              .collect(Collectors.joining(" ")));
      out.flush();
    }
  }
}
