package org.tiedbert.train;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.cluster.ClusterSpec;
import org.tiedbert.cluster.Workers;
import org.tiedbert.corpus.ShardManifest;
import org.tiedbert.engine.Build;
import org.tiedbert.text.Vocabulary;

/** Whether a configuration fits what it is to be run with; found out before anything is written. */
final class Fit {
  private Fit() {}

  /** Refuses a configuration that does not fit the shards, with all that is wrong. */
  static void require(PreTrainingConfig config, Vocabulary vocabulary, ShardManifest shards) {
    List<String> problems = new ArrayList<>();
    if (vocabulary.size() != config.model().vocabSize()) {
      problems.add(
          "model.vocabSize must be the %d entries of the shards' vocabulary, got %d"
              .formatted(vocabulary.size(), config.model().vocabSize()));
    }
    if (shards.maxSeqLength() > config.model().maxPositionEmbeddings()) {
      problems.add(
          "model.maxPositionEmbeddings must be at least the shards' sequence length %d, got %d"
              .formatted(shards.maxSeqLength(), config.model().maxPositionEmbeddings()));
    }
    if (config.noise().maxPredictionsPerSeq() > shards.maxSeqLength()) {
      problems.add(
          "noise.maxPredictionsPerSeq must be at most the shards' sequence length %d, got %d"
              .formatted(shards.maxSeqLength(), config.noise().maxPredictionsPerSeq()));
    }
    if (config.loss().nextSentence() && !shards.nextSentencePairs()) {
      problems.add(
          "loss.nextSentence needs shards of sentence pairs; write them with prepare --nsp, or set"
              + " loss.nextSentence=false");
    }
    if (shards.train().numSequences() == 0) {
      problems.add(
          "data.shards must hold sequences to train on, these hold none; prepare more text, or hold"
              + " less of it out");
    }
    if (!problems.isEmpty()) {
      throw new MisfitException(
          "the configuration does not fit the shards in %s:%n  %s"
              .formatted(config.data().shards(), String.join("%n  ".formatted(), problems)));
    }
  }

  /** Refuses workers that there is nothing for, or that would be open to anybody. */
  static void require(PreTrainingConfig config, ClusterSpec cluster) {
    int numWorkers = cluster.workers().size();
    if (numWorkers > config.data().batchSize()) {
      throw new MisfitException(
          "data.batchSize must be a sequence for each of the %d workers or more, got %d"
              .formatted(numWorkers, config.data().batchSize()));
    }
    if (!cluster.isLoopback() && !config.cluster().privateNetwork()) {
      throw new MisfitException(
          ("TensorFlow's servers listen on all interfaces of %s, and whoever reaches their ports can"
                  + " run anything there, unasked. Close those ports to all but the workers; then say"
                  + " so by --i-have-a-private-network, or cluster.privateNetwork=true")
              .formatted(String.join(", ", cluster.workers())));
    }
  }

  /** Refuses a worker that would train something else than the chief. */
  static void requireSame(
      Workers workers, String configYaml, Vocabulary vocabulary, ShardManifest shards) {
    String data = vocabulary.digest() + shards;
    String own =
        "%sprogram: %s%ndata: %s%n"
            .formatted(
                configYaml,
                Build.current().tiedBert(),
                Hashing.sha256().hashString(data, StandardCharsets.UTF_8));
    byte[] chiefsBytes = workers.fromChief(own.getBytes(StandardCharsets.UTF_8));
    String chiefs = new String(chiefsBytes, StandardCharsets.UTF_8);
    if (!own.equals(chiefs)) {
      throw new MisfitException(
          ("worker %d must have the same configuration, program and data (shards and vocabulary) as"
                  + " the chief. Lines that differ, the chief's with a minus:%n%s")
              .formatted(workers.index(), RunDirectory.differences(chiefs, own)));
    }
  }
}
