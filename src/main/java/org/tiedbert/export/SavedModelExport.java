package org.tiedbert.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TString;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.checkpoint.WholeDirectory;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.Sessions;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.model.Parameter;
import org.tiedbert.text.InputException;

/**
 * Writes a pre-trained model as a SavedModel; the package documentation lists its files. By hand:
 * TensorFlow Java's own exporter knows no resource variables.
 */
public final class SavedModelExport {
  static final String ASSETS = "assets.extra";
  static final String VOCABULARY = "vocab.txt";
  static final String GRAPH = "saved_model.pb";

  /** Prefix of the bundle. */
  static final String VARIABLES = "variables/variables";

  private static final String CONFIG = "config.yaml";
  private static final String CARD = "README.md";

  private static final int SCHEMA_VERSION = 1;
  private static final EngineConfig ENGINE =
      new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, 0);

  private final ModelDirectory model;

  public SavedModelExport(ModelDirectory model) {
    this.model = model;
  }

  /**
   * Writes the SavedModel, whole or not at all.
   *
   * @param target the folder to make
   * @throws InputException if there is something at {@code target}, the model lacks a parameter, or
   *     the folder cannot be written
   */
  public void write(Path target) {
    ServingGraph graph = new ServingGraph(model.config().encoder(), model.vocabulary().maskId());
    requireParameters(graph);
    try {
      WholeDirectory.write(target, directory -> fill(directory, target, graph));
    } catch (FileAlreadyExistsException e) {
      throw new InputException(
          "%s exists; name another folder, or delete this one".formatted(target), e);
    } catch (IOException | UncheckedIOException | TensorFlowException e) {
      throw new InputException(
          "SavedModel %s could not be written, no part of it stays: %s".formatted(target, e), e);
    }
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
                      BertConfig.FILE_NAME,
                      bundle.dataType(name),
                      bundle.shape(name)));
        }
      }
    }
  }

  private void fill(Path directory, Path target, ServingGraph graph) throws IOException {
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
    Path assets = Files.createDirectory(directory.resolve(ASSETS));
    model.vocabulary().write(assets.resolve(VOCABULARY));
    Files.write(assets.resolve(BertConfig.FILE_NAME), model.config().bytes());
    Path config = model.file(CONFIG);
    if (Files.exists(config)) {
      Files.copy(config, assets.resolve(CONFIG));
    }
    Files.write(directory.resolve(CARD), card(target, graph).getBytes(StandardCharsets.UTF_8));
  }

  private String card(Path target, ServingGraph graph) throws IOException {
    Path config = model.file(CONFIG);
    return new ModelCard(
            target.toAbsolutePath().getFileName().toString(),
            model.config(),
            model.vocabulary().padId(),
            graph.parameters().stream().mapToLong(parameter -> parameter.shape().size()).sum(),
            model.state(),
            Files.exists(config) ? Files.readString(config) : "")
        .text();
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
            .feed(ServingGraph.FILE_NAME, from)
            .addTarget(ServingGraph.RESTORE)
            .run()
            .close();
        session.runner().feed(ServingGraph.FILE_NAME, to).fetch(ServingGraph.SAVED).run().close();
      }
    }
  }
}
