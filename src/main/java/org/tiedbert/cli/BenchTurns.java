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
  /** The line that says that turns may begin. */
  static final String READY = "ready";

  /** The line that asks for the gradients' sums over all workers, instead of steps. */
  static final String SUMS = "sums";

  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,5}");

  private final PrintWriter out;
  private final StandardInput input = new StandardInput();

  BenchTurns(PrintWriter out) {
    this.out = out;
  }

  /** Until standard input ends. */
  void take(SteppedStage stage) {
    out.println(READY);
    out.flush();
    for (List<String> line = input.next(1); !line.isEmpty(); line = input.next(1)) {
      String number = line.get(0).strip();
      if (number.equals(SUMS)) {
        answer(stage.sums(1));
        continue;
      }
      if (!NUMBER.matcher(number).matches()) {
        throw new InputException(
            "standard input, line %d: expected a number of steps from 1 to 999999 or '%s', got '%s'"
                .formatted(input.lineNumber(), SUMS, number));
      }
      answer(stage.steps(Integer.parseInt(number)));
    }
  }

  private void answer(double[] seconds) {
    out.println(
        Arrays.stream(seconds)
            .mapToObj(each -> String.format(Locale.ROOT, "%.6f", each))
            .collect(Collectors.joining(" ")));
    out.flush();
  }
}
