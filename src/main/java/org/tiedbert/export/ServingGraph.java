package org.tiedbert.export;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.MetaGraphDef.MetaInfoDef;
import org.tensorflow.proto.SignatureDef;
import org.tiedbert.engine.BatchMatMulKernels;
import org.tiedbert.engine.CustomGradients;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.engine.Precision;
import org.tiedbert.model.MaskedLanguageModelHead;
import org.tiedbert.model.Parameter;
import org.tiedbert.model.Parameters;

/**
 * The graph of a SavedModel: a model behind its {@link Signatures}, each for itself from what it is
 * fed to what it gives, and the operations that restore the parameters and save them.
 */
final class ServingGraph {
  static final String TAG = "serve";

  private final List<Parameter> parameters;
  private final MetaGraphDef definition;

  ServingGraph(ModelContents contents, ExportConfig config) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Parameters created = new Parameters(tf);
      ServedModel model =
          ServedModel.create(
              created, contents.config().encoder(), contents.parts(), contents.numClasses());
      parameters = List.copyOf(created.all());
      Map<String, SignatureDef> signatures = signatures(tf, model, contents);
      signatures.put(
          Signatures.SERVING_DEFAULT, signatures.get(config.defaultSignature().signature()));
      VariableSaver saver = new VariableSaver(tf, parameters);
      definition = definition(rewritten(graph.toGraphDef(), config), signatures, saver);
    }
  }

  /** The parameters' names and shapes; the graph they were made in is closed. */
  Collection<Parameter> parameters() {
    return parameters;
  }

  /** All of it, as a SavedModel holds it. */
  MetaGraphDef definition() {
    return definition;
  }

  /** What the built graph goes through, in this order. */
  private static List<GraphPass> passes(Precision precision) {
    List<GraphPass> passes = new ArrayList<>();
    passes.add(CustomGradients::leaveOut);
    passes.add(new BatchMatMulKernels());
    passes.addAll(precision.forwardPasses());
    passes.add(VariableNames::give);
    passes.add(DefaultAttributes::leaveOut);
    return passes;
  }

  private static GraphDef rewritten(GraphDef built, ExportConfig config) {
    GraphDef graph = built;
    for (GraphPass pass : passes(config.precision())) {
      graph = pass.apply(graph);
    }
    return graph;
  }

  private static Map<String, SignatureDef> signatures(
      Ops tf, ServedModel model, ModelContents contents) {
    Map<String, SignatureDef> signatures = new LinkedHashMap<>();
    GraphTokenizer tokenizer = contents.tokenizer();
    signatures.put(
        Signatures.EMBED, EmbedSignature.build(scope(tf, Signatures.EMBED), model, tokenizer));
    EncodeSignature encode = new EncodeSignature(scope(tf, Signatures.ENCODE), model);
    signatures.put(Signatures.ENCODE, encode.encode());
    if (model.maskedLanguageModel().isPresent()) {
      MaskedLanguageModelHead head = model.maskedLanguageModel().get();
      int maskId = contents.vocabulary().maskId();
      signatures.put(Signatures.MASK_LOGITS, encode.maskLogits(head, maskId));
      signatures.put(
          Signatures.FILL_MASK,
          FillMaskSignature.build(
              scope(tf, Signatures.FILL_MASK),
              model,
              head,
              tokenizer.recognizingSpecialTokens(true),
              contents.vocabulary()));
    }
    if (contents.labels().isPresent()) {
      ClassifySignature classify = ClassifySignature.of(model, contents.labels().get(), tokenizer);
      signatures.put(Signatures.CLASSIFY, classify.single(scope(tf, Signatures.CLASSIFY)));
      signatures.put(Signatures.CLASSIFY_PAIR, classify.pair(scope(tf, Signatures.CLASSIFY_PAIR)));
    }
    return signatures;
  }

  private static Ops scope(Ops tf, String signature) {
    return tf.withSubScope(signature);
  }

  private static MetaGraphDef definition(
      GraphDef graph, Map<String, SignatureDef> signatures, VariableSaver saver) {
    MetaGraphDef.Builder definition =
        MetaGraphDef.newBuilder()
            .setMetaInfoDef(
                MetaInfoDef.newBuilder()
                    .addTags(TAG)
                    .setTensorflowVersion(TensorFlow.version())
                    .setStrippedDefaultAttrs(true))
            .setGraphDef(graph)
            .putAllSignatureDef(signatures);
    saver.describe(definition);
    return definition.build();
  }
}
