package org.tiedbert.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tiedbert.corpus.ShardManifest;

/** The text that a pre-training run read. */
final class DataSection implements SectionSource {

  /**
   * @param gone where the shards were, if they are there no more; else empty
   * @param preparation what {@code prepare} was told
   */
  record Model(String gone, List<Fact> facts, List<Fact> preparation) {}

  @Override
  public Optional<Section> of(RunContents run) {
    Optional<String> folder = run.settings().text("data.shards");
    if (run.kind() != RunKind.PRE_TRAINING || folder.isEmpty()) {
      return Optional.empty();
    }
    Model model =
        run.shards()
            .map(shards -> new Model("", facts(shards), preparation(shards)))
            .orElseGet(() -> new Model(folder.get(), List.of(), List.of()));
    return Optional.of(new Section("data", "Data", "data", model));
  }

  private static List<Fact> facts(ShardManifest shards) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Training sequences", Numbers.count(shards.train().numSequences())));
    facts.add(new Fact("Training tokens", Numbers.count(shards.train().numTokens())));
    facts.add(new Fact("Held-out sequences", Numbers.count(shards.heldOut().numSequences())));
    facts.add(new Fact("Held-out tokens", Numbers.count(shards.heldOut().numTokens())));
    facts.add(new Fact("Sequence length", shards.maxSeqLength() + " tokens"));
    facts.add(new Fact("Fill rate", Numbers.percent(shards.train().fillRate())));
    facts.add(
        new Fact(
            "Vocabulary",
            "%s tokens, %s"
                .formatted(
                    Numbers.count(shards.vocabSize()), shards.lowerCase() ? "uncased" : "cased")));
    facts.add(
        new Fact(
            "Unigram entropy of training text",
            Numbers.decimal(shards.train().unigramEntropy(), 4) + " nats"));
    facts.add(new Fact("Sentence pairs", shards.nextSentencePairs() ? "yes" : "no"));
    return facts;
  }

  private static List<Fact> preparation(ShardManifest shards) {
    List<Fact> facts = new ArrayList<>();
    int shown = 10;
    int more = shards.inputs().size() - shown;
    String names = String.join(", ", shards.inputs().stream().limit(shown).toList());
    facts.add(
        new Fact(
            "Files", more > 0 ? "%s and %s more".formatted(names, Numbers.count(more)) : names));
    shards.settings().forEach((name, value) -> facts.add(new Fact(name, value)));
    return facts;
  }
}
