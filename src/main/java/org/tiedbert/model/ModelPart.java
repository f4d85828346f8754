package org.tiedbert.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a BERT may have on top of its encoder; other people's models come with any of them. */
public enum ModelPart {
  /** {@link Pooler}. */
  POOLER("pooler", "bert/pooler/"),
  /** {@link MaskedLanguageModelHead}. */
  MASKED_LANGUAGE_MODEL("masked-LM head", "cls/predictions/"),
  /** {@link NextSentenceHead}. */
  NEXT_SENTENCE("next-sentence head", "cls/seq_relationship/"),
  /** {@link ClassificationHead}. */
  CLASSIFIER("classifier", "output_weights", "output_bias");

  private final String inWords;
  private final List<String> prefixes;

  ModelPart(String inWords, String... prefixes) {
    this.inWords = inWords;
    this.prefixes = List.of(prefixes);
  }

  /** As people call it. */
  public String inWords() {
    return inWords;
  }

  /** Whether a parameter of that name belongs to this part. */
  public boolean holds(String parameter) {
    return prefixes.stream().anyMatch(parameter::startsWith);
  }

  /** The parts of which at least one parameter is among the names. */
  public static Set<ModelPart> among(Collection<String> parameters) {
    Set<ModelPart> parts = EnumSet.noneOf(ModelPart.class);
    Arrays.stream(values())
        .filter(part -> parameters.stream().anyMatch(part::holds))
        .forEach(parts::add);
    return Collections.unmodifiableSet(parts);
  }
}
