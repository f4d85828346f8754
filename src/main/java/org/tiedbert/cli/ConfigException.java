package org.tiedbert.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.tiedbert.text.InputException;

/** A configuration is not what it must be; the message lists everything that is wrong with it. */
public final class ConfigException extends InputException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * One thing that is wrong.
   *
   * @param path of the setting, such as {@code stages.steps[1]}; empty for the whole
   * @param message what was required and what came
   * @param origin file and line, or the option that set it
   */
  public record Problem(String path, String message, String origin) {
    @Override
    public String toString() {
      String place = origin.isEmpty() ? "" : " (%s)".formatted(origin);
      return (path.isEmpty() ? "" : path + ": ") + message + place;
    }
  }

  ConfigException(String source, List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> "\n  " + problem)
            .collect(
                Collectors.joining(
                    "",
                    "%s has %s:"
                        .formatted(
                            source,
                            problems.size() == 1 ? "a problem" : problems.size() + " problems"),
                    "")));
    this.problems = List.copyOf(problems);
  }

  /** A configuration that is right in itself but not what is wanted of it here. */
  ConfigException(String message) {
    super(message);
    this.problems = List.of();
  }

  /** A configuration that cannot be read at all. */
  ConfigException(String message, Throwable cause) {
    super(message, cause);
    this.problems = List.of();
  }

  /** In the order of the configuration. */
  public List<Problem> problems() {
    return problems;
  }
}
