package org.tiedbert.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tiedbert.checkpoint.WholeDirectory;
import org.tiedbert.corpus.ShardManifest;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.engine.Program;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StagePlan;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/**
 * The training graphs as files, for other TensorFlow programs to read and run: for each stage
 * {@code stage-K.pb}, a GraphDef, and {@code stage-K.json}, which names the programs that a step is
 * made of, with what to feed, fetch and run for each. Nothing is trained and no variable has a
 * value; {@code variables} says how each gets one.
 */
public final class GraphFiles {
  private GraphFiles() {}

  /**
   * Writes all stages' graphs into a new directory, whole or not at all.
   *
   * @return the stages written
   */
  public static List<Stage> write(PreTrainingConfig config, Path output) {
    Path shards = config.data().shards();
    Vocabulary vocabulary = ShardReader.vocabulary(shards);
    ShardManifest manifest = ShardManifest.read(shards);
    Fit.require(config, vocabulary, manifest);
    if (Files.exists(output)) {
      throw new InputException(
          "%s exists; name another --output, or delete this one".formatted(output));
    }
    StageGraphs graphs = StageGraphs.ofOneWorker(config, vocabulary, manifest.maxSeqLength());
    StagePlan plan = config.stages().build(config.model().numHiddenLayers(), config.learningRate());
    try {
      if (output.toAbsolutePath().getParent() != null) {
        Files.createDirectories(output.toAbsolutePath().getParent());
      }
      WholeDirectory.write(
          output,
          directory -> {
            for (Stage stage : plan.stages()) {
              write(directory, graphs, plan, stage);
            }
          });
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(output, FileProblem.of(e)), e);
    }
    return plan.stages();
  }

  private static void write(Path directory, StageGraphs graphs, StagePlan plan, Stage stage)
      throws IOException {
    String name = "stage-" + (stage.index() + 1);
    try (TrainGraph graph = graphs.build(plan, stage)) {
      Files.write(directory.resolve(name + ".pb"), graph.definition().toByteArray());
      byte[] description =
          new ObjectMapper()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsBytes(description(graph, stage));
      Files.write(directory.resolve(name + ".json"), description);
    }
  }

  private static Map<String, Object> description(TrainGraph graph, Stage stage) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("stage", stage.index() + 1);
    all.put("name", stage.name());
    all.put("numLayers", stage.numLayers());
    all.put("firstStep", stage.firstStep());
    all.put("lastStep", stage.lastStep());
    all.put("feeds", feeds(graph));
    all.put("programs", programs(graph));
    all.put("save", graph.saver().save().name());
    all.put("trainable", List.copyOf(graph.gradients().keySet()));
    all.put("variables", variables(graph));
    return all;
  }

  /** Denominators and clip scale have values of their own where they are not fed. */
  private static Map<String, Object> feeds(TrainGraph graph) {
    Map<String, Object> feeds = new LinkedHashMap<>();
    feeds.put("inputIds", tensor(graph.feeds().inputIds()));
    feeds.put("segmentIds", tensor(graph.feeds().segmentIds()));
    feeds.put("nextSentenceLabels", tensor(graph.feeds().nextSentenceLabels()));
    feeds.put("step", tensor(graph.feeds().step()));
    feeds.put("firstPlace", tensor(graph.feeds().firstPlace()));
    feeds.put("denominators", tensor(graph.denominators()));
    feeds.put("learningRate", tensor(graph.learningRate()));
    feeds.put("clipScale", tensor(graph.clipScale()));
    graph.wholeStep().ifPresent(step -> feeds.put("lossLimit", tensor(step.lossLimit())));
    feeds.put("savePrefix", tensor(graph.saver().prefix()));
    return feeds;
  }

  private static Map<String, Object> programs(TrainGraph graph) {
    Map<String, Object> programs = new LinkedHashMap<>();
    for (Program program : graph.programs()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("feeds", program.feeds().stream().map(GraphFiles::name).toList());
      entry.put("fetches", program.fetches().stream().map(GraphFiles::tensor).toList());
      entry.put("targets", program.targets().stream().map(Operation::name).toList());
      programs.put(program.name(), entry);
    }
    return programs;
  }

  private static List<Object> variables(TrainGraph graph) {
    List<Object> variables = new ArrayList<>();
    for (Variable variable : graph.variables().values()) {
      Operation assign = variable.assign();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", variable.name());
      entry.put("shape", variable.shape().asArray());
      entry.put("value", name(variable.value()));
      entry.put("initialValue", name(variable.initialValue()));
      entry.put("assign", assign.name());
      variables.add(entry);
    }
    return variables;
  }

  private static Map<String, Object> tensor(Operand<?> operand) {
    Map<String, Object> tensor = new LinkedHashMap<>();
    tensor.put("tensor", name(operand));
    tensor.put("dtype", operand.asOutput().dataType().name());
    tensor.put("shape", operand.shape().asArray());
    return tensor;
  }

  private static String name(Operand<?> operand) {
    return operand.op().name() + ":" + operand.asOutput().index();
  }
}
