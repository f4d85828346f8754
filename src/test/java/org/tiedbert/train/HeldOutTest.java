package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.cluster.OneWorker;
import org.tiedbert.corpus.ShardManifest;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.corpus.Split;
import org.tiedbert.stage.StagePlan;
import org.tiedbert.text.Vocabulary;

class HeldOutTest {
  private static final Vocabulary VOCABULARY = PreTrainingSetup.vocabulary();

  @TempDir static Path folder;

  private static ShardReader heldOut;
  private static StageSession ofFour;
  private static StageSession ofOne;

  @BeforeAll
  static void open() {
    Path shards = PreTrainingSetup.shards(folder.resolve("shards"), VOCABULARY, 8, true);
    heldOut = ShardReader.open(shards, Split.HELD_OUT, VOCABULARY);
    ofFour = session(shards, 4);
    ofOne = session(shards, 1);
  }

  @AfterAll
  static void close() {
    ofOne.close();
    ofFour.close();
    heldOut.close();
  }

  private static StageSession session(Path shards, int microBatchSize) {
    PreTrainingConfig config =
        PreTrainingSetup.config(
            shards,
            "data.microBatchSize=" + microBatchSize,
            "model.initializerRange=0.3",
            "loss.nextSentence=true");
    StagePlan plan = config.stages().build(2, config.learningRate());
    return PreTrainingSetup.graphs(config).openFresh(plan, plan.stages().get(0));
  }

  @Test
  void aLastBatchThatIsNotFullCountsForWhatItHolds() {
    // given: batches of 4, 4 and 2, and one by one
    EvaluationReport expected = evaluate(ofOne, 1, 10);
    // when
    EvaluationReport report = evaluate(ofFour, 4, 10);
    // then
    requireSame(expected, report);
    assertThat(report.step()).isEqualTo(7);
    // then: two sequences more would show
    assertThat(evaluate(ofFour, 4, 12).crossEntropy())
        .isNotCloseTo(report.crossEntropy(), within(1e-3));
  }

  @Test
  void readsNoMoreThanThereIs() {
    requireSame(evaluate(ofOne, 1, 1000), evaluate(ofFour, 4, PreTrainingSetup.NUM_HELD_OUT));
  }

  @Test
  void masksAreTheSameEveryTime() {
    assertThat(evaluate(ofFour, 4, 10)).isEqualTo(evaluate(ofFour, 4, 10));
  }

  @Test
  void theUnigramEntropyIsTheManifests() {
    double expected = ShardManifest.read(folder.resolve("shards")).heldOut().unigramEntropy();
    assertThat(evaluate(ofFour, 4, 4).unigramEntropy()).isEqualTo(expected).isGreaterThan(3);
  }

  private static EvaluationReport evaluate(
      StageSession session, int microBatchSize, long maxSequences) {
    return new HeldOut(
            heldOut,
            VOCABULARY,
            maxSequences,
            microBatchSize,
            true,
            new OneWorker(ReferenceBertSetup.FLOAT32))
        .evaluate(session, 7);
  }

  private static void requireSame(EvaluationReport expected, EvaluationReport actual) {
    assertThat(actual.crossEntropy()).isCloseTo(expected.crossEntropy(), within(1e-5));
    assertThat(actual.accuracy()).isCloseTo(expected.accuracy(), within(1e-9));
    assertThat(actual.nextSentenceAccuracy().orElseThrow())
        .isCloseTo(expected.nextSentenceAccuracy().orElseThrow(), within(1e-9));
  }
}
