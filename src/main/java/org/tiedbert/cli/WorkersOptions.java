package org.tiedbert.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tiedbert.cluster.ClusterConfig;
import org.tiedbert.cluster.ClusterSpec;
import org.tiedbert.train.PreTrainingConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which of several workers a process is, or how many of them to start here. */
final class WorkersOptions {
  static final String LOCAL_WORKERS = "--local-workers";

  /** For a process that knows that it is to end. */
  private static final Duration TO_END = Duration.ofSeconds(20);

  @Option(
      names = LOCAL_WORKERS,
      paramLabel = "N",
      description = "Start so many workers on this machine, and all again if one is lost.")
  private Integer numLocal;

  @Option(
      names = "--max-restarts",
      paramLabel = "N",
      defaultValue = "5",
      description = "With --local-workers, how often. Default: ${DEFAULT-VALUE}.")
  private int maxRestarts;

  @Option(
      names = "--worker",
      paramLabel = "I",
      description =
          "This worker's number in cluster.workers, from 0, the chief. TF_CONFIG says it too.")
  private Integer worker;

  @Option(
      names = "--i-have-a-private-network",
      description = {
        "Let workers on several machines listen to one another: nobody else reaches their ports.",
        "TensorFlow's servers listen on all interfaces and ask nobody who they are."
      })
  private boolean privateNetwork;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  boolean isLocal() {
    return numLocal != null;
  }

  /** The supervisor of workers on this machine. */
  LocalWorkers local(PreTrainingConfig config) {
    if (numLocal < 1 || maxRestarts < 0) {
      throw refusal(
          "--local-workers must be at least 1 and --max-restarts at least 0, got %d and %d"
              .formatted(numLocal, maxRestarts));
    }
    if (worker != null || tfConfig().isPresent()) {
      throw refusal(
          "--local-workers names the workers itself; leave --worker out and TF_CONFIG unset");
    }
    Duration grace = config.cluster().deadline().plus(TO_END);
    return new LocalWorkers(numLocal, maxRestarts, grace, spec);
  }

  /** The configuration with what these options add to it. */
  PreTrainingConfig over(PreTrainingConfig config) {
    ClusterConfig given = config.cluster();
    return config.withCluster(
        new ClusterConfig(
            given.workers(),
            given.privateNetwork() || privateNetwork,
            given.timeout(),
            given.gradients()));
  }

  /** Who the workers are, and which of them this process is; empty if it is the only one. */
  Optional<ClusterSpec> cluster(PreTrainingConfig config) {
    Optional<String> tfConfig = tfConfig();
    List<String> workers = config.cluster().workers();
    if (tfConfig.isPresent()) {
      if (worker != null) {
        throw refusal("TF_CONFIG is set and says which worker this is; leave --worker out");
      }
      return tfConfig.map(ClusterSpec::ofTfConfig);
    }
    if (workers.isEmpty() != (worker == null)) {
      throw refusal(
          worker == null
              ? "cluster.workers names %d workers; say which this is by --worker"
                  .formatted(workers.size())
              : "--worker is a number in cluster.workers, which the configuration does not name");
    }
    if (worker != null && (worker < 0 || worker >= workers.size())) {
      throw refusal(
          "--worker must be from 0 to %d, as cluster.workers names %d, got %d"
              .formatted(workers.size() - 1, workers.size(), worker));
    }
    return Optional.ofNullable(worker).map(number -> new ClusterSpec(workers, number));
  }

  /** What the environment says of the workers. */
  static Optional<String> tfConfig() {
    return Optional.ofNullable(System.getenv(ClusterSpec.TF_CONFIG))
        .filter(text -> !text.isBlank());
  }

  private ParameterException refusal(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
