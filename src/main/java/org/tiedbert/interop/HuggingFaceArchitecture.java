package org.tiedbert.interop;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.tiedbert.model.ModelPart;

/** The classes of {@code transformers} that a model of ours can be loaded into. */
enum HuggingFaceArchitecture {
  // the first that has no part which a model lacks is the model's
  SEQUENCE_CLASSIFICATION("BertForSequenceClassification", ModelPart.POOLER, ModelPart.CLASSIFIER),
  PRE_TRAINING(
      "BertForPreTraining",
      ModelPart.POOLER,
      ModelPart.MASKED_LANGUAGE_MODEL,
      ModelPart.NEXT_SENTENCE),
  MASKED_LANGUAGE_MODEL("BertForMaskedLM", ModelPart.MASKED_LANGUAGE_MODEL),
  NEXT_SENTENCE("BertForNextSentencePrediction", ModelPart.POOLER, ModelPart.NEXT_SENTENCE),
  ENCODER("BertModel", ModelPart.POOLER),
  ENCODER_WITHOUT_POOLER("BertModel");

  private final String className;
  private final Set<ModelPart> parts = EnumSet.noneOf(ModelPart.class);

  HuggingFaceArchitecture(String className, ModelPart... parts) {
    this.className = className;
    this.parts.addAll(Arrays.asList(parts));
  }

  /** The one that most of a model's parts have a place in. */
  static HuggingFaceArchitecture of(Collection<ModelPart> parts) {
    return Arrays.stream(values())
        .filter(architecture -> parts.containsAll(architecture.parts))
        .findFirst()
        .orElseThrow();
  }

  String className() {
    return className;
  }

  /** Whether a parameter has a place in it. */
  boolean holds(String parameter) {
    return Arrays.stream(ModelPart.values())
        .filter(part -> part.holds(parameter))
        .allMatch(parts::contains);
  }

  /** Its name of a parameter that it holds. */
  String nameOf(String parameter) {
    String name = HuggingFaceNames.of(parameter);
    boolean bare = this == ENCODER || this == ENCODER_WITHOUT_POOLER;
    return bare ? name.substring(HuggingFaceNames.PREFIX.length()) : name;
  }
}
