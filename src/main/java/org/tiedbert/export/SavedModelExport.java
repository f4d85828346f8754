package org.tiedbert.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TString;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.checkpoint.WholeDirectory;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.Sessions;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.export.ExportConfig.DefaultSignature;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.Parameter;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/**
 * Writes a model as a SavedModel; the package documentation lists its files. By hand: TensorFlow
 * Java's own exporter knows no resource variables.
 */
public final class SavedModelExport {
  static final String ASSETS = "assets.extra";
  static final String GRAPH = "saved_model.pb";

  /** Prefix of the bundle. */
  static final String VARIABLES = "variables/variables";

  /** Where Spark NLP looks for the vocabulary; the graph has no assets. */
  private static final String SPARK_NLP_ASSETS = "assets";

  private static final String CARD = "README.md";

  private static final int SCHEMA_VERSION = 1;
  private static final EngineConfig ENGINE =
      new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, 0);

  private final ModelDirectory model;
  private final ExportConfig config;

  public SavedModelExport(ModelDirectory model) {
    this(model, ExportConfig.DEFAULT);
  }

  public SavedModelExport(ModelDirectory model, ExportConfig config) {
    this.model = model;
    this.config = config;
  }

  /**
   * Writes the SavedModel, whole or not at all.
   *
   * @param target the folder to make
   * @throws InputException if there is something at {@code target}, the model lacks a parameter, or
   *     the folder cannot be written
   */
  public void write(Path target) {
    write(target, target, OptionalLong.empty());
  }

  /**
   * Writes one version of a model into the folder that TensorFlow Serving watches for versions.
   *
   * @param folder of all versions; made where there is none
   * @param version of this one, 1 or more, the name of its folder in that one
   * @return the version's folder, written as {@link #write(Path)} writes
   */
  public Path write(Path folder, long version) {
    if (version < 1) {
      throw new IllegalArgumentException("version must be at least 1, got " + version);
    }
    Path target = folder.resolve(Long.toString(version));
    write(target, folder, OptionalLong.of(version));
    return target;
  }

  private void write(Path target, Path named, OptionalLong version) {
    ModelContents contents = ModelContents.of(model);
    ServingGraph graph = new ServingGraph(contents, config);
    requireParameters(graph);
    Path last = named.toAbsolutePath().normalize().getFileName();
    String name = last == null ? "model" : last.toString(); // the root has none
    try {
      WholeDirectory.write(target, directory -> fill(directory, name, version, contents, graph));
    } catch (FileAlreadyExistsException e) {
      throw new InputException(
          "%s exists; name another folder, or delete this one".formatted(target), e);
    } catch (IOException | UncheckedIOException | TensorFlowException e) {
      throw new InputException(
          "SavedModel %s could not be written, no part of it stays: %s"
              .formatted(target, reason(e)),
          e);
    }
  }

  /** TensorFlow's further lines are for those who wrote the graph. */
  private static String reason(Exception e) {
    return e instanceof TensorFlowException
        ? e.getMessage().lines().findFirst().orElse("")
        : FileProblem.of(e);
  }

  private void requireParameters(ServingGraph graph) {
    try (TensorBundle bundle = TensorBundle.open(model.prefix())) {
      for (Parameter parameter : graph.parameters()) {
        String name = parameter.name();
        if (bundle.dataType(name) != DataType.DT_FLOAT
            || !bundle.shape(name).equals(parameter.shape())) {
          throw new InputException(
              "%s must hold %s as %s %s, as %s says; it is %s %s"
                  .formatted(
                      model.prefix(),
                      name,
                      DataType.DT_FLOAT,
                      parameter.shape(),
                      ModelPart.CLASSIFIER.holds(name) ? Labels.FILE_NAME : BertConfig.FILE_NAME,
                      bundle.dataType(name),
                      bundle.shape(name)));
        }
      }
    }
  }

  private void fill(
      Path directory, String name, OptionalLong version, ModelContents contents, ServingGraph graph)
      throws IOException {
    Path variables = directory.resolve(VARIABLES);
    Files.createDirectory(variables.getParent());
    copyVariables(graph, variables);
    SavedModel definition =
        SavedModel.newBuilder()
            .setSavedModelSchemaVersion(SCHEMA_VERSION)
            .addMetaGraphs(graph.definition())
            .build();
    try (OutputStream out = Files.newOutputStream(directory.resolve(GRAPH))) {
      definition.writeTo(out);
    }
    TrainingFacts training = TrainingFacts.of(model);
    writeAssets(Files.createDirectory(directory.resolve(ASSETS)), name, contents, graph, training);
    if (config.defaultSignature() == DefaultSignature.ENCODE) {
      Path assets = Files.createDirectory(directory.resolve(SPARK_NLP_ASSETS));
      contents.vocabulary().write(assets.resolve(Vocabulary.FILE_NAME));
    }
    String card = new ModelCard(name, version, contents, config, graph, training).text();
    Files.write(directory.resolve(CARD), card.getBytes(StandardCharsets.UTF_8));
  }

  private static void writeAssets(
      Path assets, String name, ModelContents contents, ServingGraph graph, TrainingFacts training)
      throws IOException {
    contents.vocabulary().write(assets.resolve(Vocabulary.FILE_NAME));
    Files.write(assets.resolve(BertConfig.FILE_NAME), contents.config().bytes());
    if (contents.labels().isPresent()) {
      Files.write(assets.resolve(Labels.FILE_NAME), contents.labels().get().bytes());
    }
    if (!training.configYaml().isEmpty()) {
      Files.writeString(assets.resolve(TrainingFacts.CONFIG), training.configYaml());
    }
    Files.write(
        assets.resolve(WarmUpRequests.FILE),
        new WarmUpRequests(name, contents.vocabulary())
            .bytes(graph.definition().getSignatureDefMap()));
  }

  /** Through the operations that a program runs when it loads the SavedModel. */
  private void copyVariables(ServingGraph graph, Path prefix) {
    try (Graph serving = new Graph();
        TString from = TString.scalarOf(model.prefix().toString());
        TString to = TString.scalarOf(prefix.toString())) {
      serving.importGraphDef(graph.definition().getGraphDef());
      try (Session session = Sessions.open(serving, ENGINE)) {
        session
            .runner()
            .feed(VariableSaver.FILE_NAME, from)
            .addTarget(VariableSaver.RESTORE)
            .run()
            .close();
        session.runner().feed(VariableSaver.FILE_NAME, to).fetch(VariableSaver.SAVED).run().close();
      }
    }
  }
}
