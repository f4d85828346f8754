package org.tiedbert.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tiedbert.checkpoint.RunStart;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.engine.Environment;

/** Where the run ran; each place once, however often it was continued there. */
final class EnvironmentSection implements SectionSource {

  /**
   * One environment.
   *
   * @param starts when the run was started or continued in it
   */
  record Place(String starts, List<Fact> facts) {}

  /**
   * @param isUnknown for a run that wrote nothing about it
   */
  record Model(boolean isUnknown, List<Place> places) {}

  @Override
  public Optional<Section> of(RunContents run) {
    List<Place> places = new ArrayList<>();
    List<Environment> environments =
        run.starts().stream().map(RunStart::environment).distinct().toList();
    for (Environment environment : environments) {
      String starts =
          run.starts().stream()
              .filter(start -> start.environment().equals(environment))
              .map(EnvironmentSection::start)
              .collect(Collectors.joining("; "));
      places.add(new Place(starts, facts(environment)));
    }
    Model model = new Model(places.isEmpty(), places);
    return Optional.of(new Section("environment", "Environment", "environment", model));
  }

  private static String start(RunStart start) {
    String time = start.time().replace('T', ' ').replace("Z", " UTC");
    return start.step() == 0
        ? "Started " + time
        : "continued after step %s, %s".formatted(Numbers.count(start.step()), time);
  }

  private static List<Fact> facts(Environment environment) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("TiedBERT", environment.tiedBert()));
    facts.add(new Fact("TensorFlow", environment.tensorFlow()));
    facts.add(new Fact("TensorFlow Java", environment.tensorFlowJava()));
    facts.add(new Fact("Java", environment.java()));
    facts.add(new Fact("System", environment.os()));
    facts.add(
        new Fact(
            "Processor",
            "%s, %s".formatted(environment.cpu(), Numbers.of(environment.numCpus(), "core"))));
    if (environment.memoryBytes() > 0) {
      facts.add(new Fact("Memory", Numbers.bytes(environment.memoryBytes())));
    }
    facts.add(new Fact("Steps run on", device(environment)));
    return facts;
  }

  private static String device(Environment environment) {
    String threads = Numbers.of(environment.numThreads(), "thread");
    if (environment.device() == Device.CPU) {
      return "the processor, " + threads;
    }
    return environment.gpus().isEmpty()
        ? "a GPU of unknown model"
        : String.join(", ", environment.gpus());
  }
}
