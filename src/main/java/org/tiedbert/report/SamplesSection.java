package org.tiedbert.report;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.exceptions.TensorFlowException;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.export.Prediction;
import org.tiedbert.export.SavedModelEncoder;
import org.tiedbert.export.SavedModelExport;
import org.tiedbert.model.ModelPart;
import org.tiedbert.report.HeldOutText.Gap;
import org.tiedbert.report.HeldOutText.Passage;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/**
 * What the newest checkpoint makes of a few texts: words for masks, and neighbours in meaning. The
 * texts are held-out ones where the shards are still there. It goes through an exported model, as
 * {@code fill-mask} and {@code embed} do.
 */
final class SamplesSection implements SectionSource {
  /** Above that, copying and loading the model takes longer than people like to wait for a page. */
  private static final long MAX_BYTES = 600_000_000;

  private static final int NUM_GAPS = 8;
  private static final int NUM_GUESSES = 5;
  private static final int NUM_PASSAGES = 200;
  private static final int NUM_QUERIES = 3;
  private static final int NUM_NEIGHBOURS = 3;
  private static final List<Gap> ANY_TEXT =
      List.of(
          new Gap("Paris is the", "capital", "of France."),
          new Gap("She opened the", "door", "and went into the room."),
          new Gap("The", "water", "of the river was cold and deep."));

  /** A word that the model puts in. */
  record Guess(String token, String probability, boolean isRight) {}

  /** A text with a gap, and what the model puts in. */
  record Filled(Gap gap, List<Guess> guesses) {}

  /** A passage and its cosine with the query. */
  record Neighbour(String text, String cosine) {}

  /** A passage and those nearest to it. */
  record Query(String text, List<Neighbour> neighbours) {}

  /**
   * @param reason why there are none, else empty
   * @param checkpoint whose samples these are
   */
  record Model(
      String reason, String checkpoint, boolean heldOut, List<Filled> filled, List<Query> queries) {
    boolean hasQueries() {
      return !queries.isEmpty();
    }

    static Model none(String reason) {
      return new Model(reason, "", false, List.of(), List.of());
    }
  }

  @Override
  public Optional<Section> of(RunContents run) {
    if (run.kind() != RunKind.PRE_TRAINING) {
      return Optional.empty();
    }
    return Optional.of(new Section("samples", "Samples", "samples", model(run)));
  }

  private static Model model(RunContents run) {
    if (run.checkpoints().isEmpty()) {
      return Model.none("There is no checkpoint yet.");
    }
    try {
      ModelDirectory model = ModelDirectory.open(run.run().path(), damaged -> {});
      if (!model.parts().contains(ModelPart.MASKED_LANGUAGE_MODEL)) {
        return Model.none("The model has no masked-LM head.");
      }
      long bytes = Files.size(Path.of(model.prefix() + ".data-00000-of-00001"));
      if (bytes > MAX_BYTES) {
        return Model.none(
            "Left out for a model of %s. 'tiedbert export' and 'tiedbert fill-mask' show them."
                .formatted(Numbers.bytes(bytes)));
      }
      return samples(model, run);
    } catch (InputException | TensorFlowException | IOException e) {
      return Model.none("The newest checkpoint could not be asked: " + e.getMessage());
    }
  }

  private static Model samples(ModelDirectory model, RunContents run) throws IOException {
    Path folder = Files.createTempDirectory("tiedbert-report");
    try {
      Path savedModel = folder.resolve("model");
      new SavedModelExport(model).write(savedModel);
      try (SavedModelEncoder encoder = SavedModelEncoder.load(savedModel)) {
        List<Passage> passages = passages(run, model.vocabulary());
        List<Gap> gaps =
            passages.stream()
                .flatMap(passage -> passage.withGap(model.vocabulary()).stream())
                .limit(NUM_GAPS)
                .toList();
        return new Model(
            "",
            model.path().getFileName().toString(),
            !gaps.isEmpty(),
            filled(encoder, gaps.isEmpty() ? ANY_TEXT : gaps),
            queries(encoder, passages.stream().map(Passage::text).distinct().toList()));
      }
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** None where the shards are gone, or are another vocabulary's by now. */
  private static List<Passage> passages(RunContents run, Vocabulary vocabulary) {
    Optional<String> shards = run.settings().text("data.shards");
    if (run.shards().isEmpty() || shards.isEmpty()) {
      return List.of();
    }
    try {
      return HeldOutText.read(Path.of(shards.get()), vocabulary, NUM_PASSAGES);
    } catch (InputException e) {
      return List.of();
    }
  }

  private static List<Filled> filled(SavedModelEncoder encoder, List<Gap> gaps) {
    int numGuesses = Math.min(NUM_GUESSES, encoder.vocabulary().size());
    List<List<List<Prediction>>> predictions =
        encoder.fillMask(gaps.stream().map(Gap::masked).toList(), numGuesses);
    return IntStream.range(0, gaps.size())
        .mapToObj(i -> new Filled(gaps.get(i), guesses(gaps.get(i), predictions.get(i).get(0))))
        .toList();
  }

  private static List<Guess> guesses(Gap gap, List<Prediction> predictions) {
    return predictions.stream()
        .map(
            guess ->
                new Guess(
                    guess.token(),
                    Numbers.percent(guess.probability()),
                    guess.token().equals(gap.word())))
        .toList();
  }

  private static List<Query> queries(SavedModelEncoder encoder, List<String> texts) {
    if (texts.size() < NUM_QUERIES + NUM_NEIGHBOURS) {
      return List.of();
    }
    CosineNeighbours neighbours = new CosineNeighbours(encoder.embed(texts));
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < NUM_QUERIES; i++) {
      int query = i * texts.size() / NUM_QUERIES;
      List<Neighbour> nearest =
          neighbours.nearest(query, NUM_NEIGHBOURS).stream()
              .map(
                  other ->
                      new Neighbour(
                          texts.get(other), Numbers.decimal(neighbours.cosine(query, other), 2)))
              .toList();
      queries.add(new Query(texts.get(query), nearest));
    }
    return queries;
  }
}
