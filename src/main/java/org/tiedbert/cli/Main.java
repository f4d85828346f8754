package org.tiedbert.cli;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.tiedbert.cluster.ClusterException;
import org.tiedbert.engine.CudaLibraries;
import org.tiedbert.text.InputException;
import org.tiedbert.train.MisfitException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line, {@code tiedbert COMMAND}. Results go to standard output, progress and errors to
 * standard error. A command is a class of its own, a {@code Callable<Integer>} listed below.
 */
@Command(
    name = "tiedbert",
    description = {
      "Trains BERT encoders on the JVM: two noised views of every sequence through one encoder,"
          + " grown stage by stage."
    },
    subcommands = {
      QuickstartCommand.class,
      VocabCommand.class,
      PrepareCommand.class,
      PretrainCommand.class,
      FinetuneCommand.class,
      GlueCommand.class,
      ImportCommand.class,
      ConvertCommand.class,
      ExportCommand.class,
      EmbedCommand.class,
      FillMaskCommand.class,
      GraphCommand.class,
      BenchCommand.class,
      AnalyzeCommand.class,
      ReportCommand.class
    },
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    commandListHeading = "%nCommands, each with its own --help:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Exit status: 0 done; 1 it failed; 2 the command line or a configuration is wrong, and nothing"
          + " was written; 3 another worker was lost, start all of them again."
    })
public final class Main implements Runnable {
  /** Exit status of a worker that lost another one. */
  static final int WORKER_LOST = 3;

  private static final String NAME = "tiedbert: ";

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the log lines of TensorFlow and other libraries.")
  private boolean verbose;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error arose.")
  private boolean stackTrace;

  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] args) {
    leaveStandardErrorToLibraries();
    System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
  }

  /**
   * Half of TensorFlow's C++ log has no setting that would turn it off. So the launcher lets
   * standard error through a filter and says by which name this program finds what it was before.
   */
  private static void leaveStandardErrorToLibraries() {
    String terminal = System.getProperty("tiedbert.stderr");
    if (terminal == null) {
      return;
    }
    try {
      OutputStream out = new FileOutputStream(terminal, true);
      System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      // A socket cannot be opened by name. Then messages go through the filter, line by line.
    }
  }

  /** Runs one command in this process; returns its exit status. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine commandLine =
        new CommandLine(main)
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(Path.class, Main::path)
            .setExecutionStrategy(main::execute)
            .setParameterExceptionHandler((e, ignored) -> usageError(e))
            .setExecutionExceptionHandler((e, command, ignored) -> main.failure(e, err));
    int status;
    try {
      status = commandLine.execute(args);
    } catch (Error e) { // a native library is missing, memory is out: tell it as any failure
      status = main.failure(e, err);
    }
    if (out.checkError()) { // a writer keeps it to itself until asked
      err.println(
          NAME
              + "standard output could not be written to the end: its disk is full, or the program"
              + " that reads it has ended");
      return status == ExitCode.OK ? ExitCode.SOFTWARE : status;
    }
    return status;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  private int execute(ParseResult parsed) {
    requireNoneSwallowed(parsed);
    if (System.getProperty("org.slf4j.simpleLogger.defaultLogLevel") == null) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "error");
    }
    CudaLibraries.load(); // TensorFlow's library looks for them as soon as it is loaded
    return new CommandLine.RunLast().execute(parsed);
  }

  /** An option that is misspelt behind one of many values would be another of these. */
  private static void requireNoneSwallowed(ParseResult parsed) {
    CommandLine command = parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
    List<String> swallowed =
        command.getParseResult().matchedOptions().stream()
            .filter(option -> option.arity().max() > 1)
            .flatMap(option -> option.originalStringValues().stream())
            .filter(value -> value.startsWith("--"))
            .toList();
    if (!swallowed.isEmpty()) {
      throw new UnmatchedArgumentException(command, swallowed);
    }
  }

  /** An empty one, of a variable that is not set, would be the folder that this runs in. */
  private static Path path(String name) {
    try {
      if (!name.isEmpty()) {
        return Path.of(name);
      }
    } catch (InvalidPathException e) {
      throw new TypeConversionException("no file or folder can be called that, " + e.getReason());
    }
    throw new TypeConversionException("a file or folder must be named, got nothing");
  }

  private static int usageError(ParameterException e) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    List<String> unmatched = command.getUnmatchedArguments();
    if (e instanceof MissingParameterException && !unmatched.isEmpty()) {
      // What is missing may have been misspelt, which picocli would not get to say.
      report(new UnmatchedArgumentException(command, unmatched), err);
    }
    report(e, err);
    err.printf("'%s --help' shows how it is used.%n", command.getCommandSpec().qualifiedName());
    return ExitCode.USAGE;
  }

  private static void report(ParameterException e, PrintWriter err) {
    err.println(NAME + e.getMessage().replaceFirst("^Error: ", ""));
    UnmatchedArgumentException.printSuggestions(e, err);
  }

  private int failure(Throwable e, PrintWriter err) {
    if (stackTrace) {
      e.printStackTrace(err);
    } else if (e instanceof InputException) {
      err.println(NAME + e.getMessage());
    } else {
      err.println(NAME + "failed: " + e);
      err.println("--stacktrace shows where.");
    }
    if (e instanceof ClusterException) {
      return WORKER_LOST;
    }
    boolean usage = e instanceof ConfigException || e instanceof MisfitException;
    return usage ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  /** Ends a worker whose native code waits for ever; nothing else does. */
  static void endStuck(ClusterException lost) {
    System.err.println(NAME + lost.getMessage());
    System.err.flush();
    Runtime.getRuntime().halt(WORKER_LOST);
  }
}
