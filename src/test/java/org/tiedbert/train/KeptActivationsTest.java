package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Maps;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.proto.NodeDef;
import org.tiedbert.batch.Batch;
import org.tiedbert.engine.Dependencies;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;
import org.tiedbert.model.EncoderConfig;

/** What the forward pass keeps for the backward pass, by the graph that runs. */
class KeptActivationsTest {
  private static final LossConfig LOSS = new LossConfig(0, FeatureLevel.WORD, false);
  private static final int ROWS = 4; // R
  private static final int TOKENS = ROWS * ReferenceBertSetup.SEQ_LENGTH; // T

  @Test
  void aLayerKeepsWhatItsGradientsAreMadeOf() {
    requireBytesOfALayer(Precision.FLOAT32, 4);
    requireBytesOfALayer(Precision.BFLOAT16, 2);
  }

  private static void requireBytesOfALayer(Precision precision, int elementBytes) {
    EncoderConfig encoder = settings(1).encoder();
    long hidden = (long) TOKENS * encoder.hiddenSize(); // T·H
    long intermediate = (long) TOKENS * encoder.intermediateSize(); // T·I
    long scores =
        (long) TOKENS * encoder.numAttentionHeads() * ReferenceBertSetup.SEQ_LENGTH; // R·N·S·S
    // of products: the input of Q, K and V; Q, K and V; the context; the input of the intermediate
    long expected = 6 * hidden * elementBytes;
    expected += 2 * intermediate * elementBytes; // GELU and its slope
    expected += 2 * scores * elementBytes + scores; // probabilities, dropped ones; which, a byte
    expected += 2 * hidden; // which elements are dropped, a byte
    expected += 2 * (4 * hidden + 4L * TOKENS); // x̂ and 1/√(σ² + ε)
    assertThat(keptBytes(precision, 2, false) - keptBytes(precision, 1, false)).isEqualTo(expected);
  }

  @Test
  void aLayerThatIsComputedAgainKeepsItsOutputAlone() {
    long hidden = (long) TOKENS * settings(1).encoder().hiddenSize();
    for (Precision precision : Precision.values()) {
      // in float32, and as the products read it
      long expected = precision == Precision.FLOAT32 ? 4 * hidden : (4 + 2) * hidden;
      assertThat(keptBytes(precision, 3, true) - keptBytes(precision, 2, true)).isEqualTo(expected);
    }
  }

  @Test
  void whatIsComputedAgainGivesTheSameGradients() {
    Batch batch = ReferenceBertSetup.batch(20, 7, 15, 3);
    for (Precision precision : Precision.values()) {
      try (StageSession kept = open(precision, 2);
          StageSession again = open(precision, 2, true)) {
        // when
        StepMetrics expected = kept.computeGradients(batch, 3);
        StepMetrics actual = again.computeGradients(batch, 3);
        // then: the same but for what the optimizer joins where nothing in between is kept
        boolean isExact = precision == Precision.FLOAT32;
        CloseVariables.requireMetrics(expected, actual, isExact ? 1e-5 : 3e-2);
        Map<String, float[]> gradients = kept.gradients();
        Map<String, float[]> zeros = Maps.transformValues(gradients, it -> new float[it.length]);
        CloseVariables.requireMoves(zeros, gradients, again.gradients(), isExact ? 1e-5 : 0.15);
        // and it is computed again: 8 products a layer
        assertThat(again.graph().definition().getNodeList())
            .filteredOn(node -> node.getName().startsWith("recomputed/"))
            .filteredOn(node -> node.getOp().contains("MatMul"))
            .hasSize(2 * 8);
      }
    }
  }

  private static ForwardGraph.Settings settings(int numLayers) {
    ForwardGraph.Settings two = ReferenceBertSetup.forward(0.1, 0.1, 1, LOSS, ROWS);
    EncoderConfig encoder = two.encoder();
    return new ForwardGraph.Settings(
        new EncoderConfig(
            encoder.vocabSize(),
            encoder.maxPositionEmbeddings(),
            encoder.typeVocabSize(),
            encoder.hiddenSize(),
            numLayers,
            encoder.numAttentionHeads(),
            encoder.intermediateSize(),
            encoder.hiddenDropoutProb(),
            encoder.attentionDropoutProb(),
            encoder.initializerRange()),
        two.views(),
        two.loss(),
        two.vocabulary(),
        two.seed(),
        two.microBatchSize(),
        two.maxSeqLength());
  }

  private static StageSession open(Precision precision, int numLayers) {
    return open(precision, numLayers, false);
  }

  private static StageSession open(Precision precision, int numLayers, boolean recompute) {
    return ReferenceBertSetup.open(
        settings(numLayers),
        new EngineConfig(precision, XlaMode.OFF, EngineConfig.Device.CPU, 1, recompute),
        ReferenceBertSetup.reached(LOSS));
  }

  /** Of the matrices that operations of the backward pass read and others have made. */
  private static long keptBytes(Precision precision, int numLayers, boolean recompute) {
    try (StageSession session = open(precision, numLayers, recompute)) {
      Graph graph = session.graph().graph();
      Map<String, NodeDef> nodes = GraphPass.byName(graph.toGraphDef());
      Set<String> kept = new HashSet<>();
      Set<String> seen = new HashSet<>();
      Deque<String> open = new ArrayDeque<>(Set.of("train/set_gradients"));
      while (!open.isEmpty()) {
        NodeDef reader = nodes.get(open.remove());
        for (String input : reader.getInputList()) {
          String name = GraphPass.nodeOf(input);
          if (name.startsWith("gradients/")
              || name.startsWith("recomputed/")
              || name.startsWith("train/")) {
            if (seen.add(name)) {
              open.add(name);
            }
          } else if (!input.startsWith("^") && !reader.getOp().equals("Shape")) {
            kept.add(input);
          }
        }
      }
      return kept.stream()
          .filter(input -> !nodes.get(GraphPass.nodeOf(input)).getOp().equals("ReadVariableOp"))
          .mapToLong(input -> bytesOfMatrix(output(graph, input)))
          .sum();
    }
  }

  private static Output<?> output(Graph graph, String input) {
    int index = input.contains(":") ? Integer.parseInt(input.replaceFirst("^.*:", "")) : 0;
    return graph.operationOrThrow(GraphPass.nodeOf(input)).output(index);
  }

  private static long bytesOfMatrix(Output<?> output) {
    if (output.shape().numDimensions() < 2) {
      return 0;
    }
    int elementBytes =
        switch (output.dataType()) {
          case DT_BOOL -> 1;
          case DT_BFLOAT16 -> 2;
          default -> 4;
        };
    return output.shape().size() * elementBytes;
  }

  @Test
  void theForwardPassGoesOnOnlyOnceThatIsMade() {
    try (StageSession session = open(Precision.BFLOAT16, 1)) {
      Graph graph = session.graph().graph();
      // then: the loss waits for whatever is kept on the way to it
      Set<String> forward = Dependencies.of(graph, "metrics");
      assertThat(GraphPass.byName(graph.toGraphDef()).keySet())
          .filteredOn(name -> name.startsWith("forward/") && name.contains("/kept_"))
          .hasSizeGreaterThan(10)
          .allMatch(forward::contains);
    }
  }

  @Test
  void whereNoGradientGoesNothingIsKept() {
    Predicate<String> isHead = name -> name.startsWith("cls/");
    try (StageSession session =
        ReferenceBertSetup.open(settings(2), ReferenceBertSetup.FLOAT32, isHead)) {
      Graph graph = session.graph().graph();
      // of GELU one thing, of LayerNorm three, of cross entropy three
      assertThat(Dependencies.of(graph, "metrics"))
          .filteredOn(name -> name.contains("/kept_"))
          .hasSize(1 + 3 + 3);
      assertThat(Dependencies.of(graph, "evaluation"))
          .contains("held_out/Erf")
          .noneMatch(name -> name.contains("/kept_"));
    }
  }

  @Test
  void whatIsMadeOfItAgainWaitsForTheGradient() {
    try (StageSession session = open(Precision.BFLOAT16, 1)) {
      Graph graph = session.graph().graph();
      Map<String, NodeDef> nodes = GraphPass.byName(graph.toGraphDef());
      String loss = "forward/loss/Softmax";
      // masks of dropout, and probabilities in float32
      assertThat(nodes.values())
          .filteredOn(node -> node.getOp().equals("Cast") && node.getName().startsWith("gradients"))
          .filteredOn(node -> node.getInput(0).contains("/kept_"))
          .hasSize(1 + 3 + 1) // after the embeddings, three in the layer; its softmax
          .allMatch(node -> Dependencies.of(graph, node.getName()).contains(loss));
      // and weights in bfloat16
      Set<String> read = Dependencies.of(graph, "train/set_gradients");
      assertThat(nodes.values())
          .filteredOn(node -> node.getOp().equals("MatMul") && read.contains(node.getName()))
          .flatExtracting(NodeDef::getInputList)
          .filteredOn(input -> input.endsWith("/weights"))
          .hasSize(6 + 2) // of the layer and of the head
          .allMatch(input -> Dependencies.of(graph, input).contains(loss));
    }
  }

  @Test
  void whatIsComputedAgainWaitsForTheLayersGradient() {
    try (StageSession session = open(Precision.BFLOAT16, 2, true)) {
      Graph graph = session.graph().graph();
      Set<String> again =
          GraphPass.byName(graph.toGraphDef()).keySet().stream()
              .filter(name -> name.startsWith("recomputed/"))
              .collect(Collectors.toSet());
      // then: the lower layer's for that of the upper one too, so that one is in memory at a time
      assertThat(again)
          .filteredOn(name -> name.contains("/layer_1/"))
          .isNotEmpty()
          .allMatch(name -> Dependencies.of(graph, name).contains("forward/loss/Softmax"))
          .noneMatch(name -> Dependencies.of(graph, name).stream().anyMatch(isOfLayer(0)));
      assertThat(again)
          .filteredOn(name -> name.contains("/layer_0/"))
          .isNotEmpty()
          .allMatch(name -> Dependencies.of(graph, name).stream().anyMatch(isOfLayer(1)));
    }
  }

  private static Predicate<String> isOfLayer(int layer) {
    return name -> name.startsWith("gradients/forward/layer_" + layer + "/");
  }
}
