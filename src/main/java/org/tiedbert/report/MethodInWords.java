package org.tiedbert.report;

/** One sentence on what a pre-training run does, from its settings. */
record MethodInWords(Settings settings) {

  /** Empty where there are no settings. */
  String text() {
    if (settings.isEmpty()) {
      return "";
    }
    return "%s of %s layers × %s, %s%s."
        .formatted(
            isTied() ? "A Tied-BERT" : "A BERT",
            settings.text("model.numHiddenLayers").orElse("?"),
            settings.text("model.hiddenSize").orElse("?"),
            views(),
            stages());
  }

  private boolean isTied() {
    return numViews() == 2 && weight() > 0;
  }

  private int numViews() {
    return settings.size("noise.views");
  }

  private double weight() {
    return settings.number("loss.tiedWeight").orElse(0);
  }

  private String views() {
    if (numViews() < 2) {
      return "one view of every sequence";
    }
    return isTied()
        ? "two noised views of every sequence tied with w = %s at %s level"
            .formatted(Numbers.small(weight()), settings.text("loss.featureLevel").orElse("?"))
        : "two noised views of every sequence, untied (w = 0)";
  }

  private String stages() {
    return switch (settings.text("stages.kind").orElse("")) {
      case "mslt" -> ", grown by multi-stage layerwise training";
      case "stacking" -> ", grown by progressive stacking";
      default -> "";
    };
  }
}
