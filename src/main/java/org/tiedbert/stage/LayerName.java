package org.tiedbert.stage;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an encoder layer's parameter, {@code bert/encoder/layer_3/output/dense/bias}, apart.
 */
record LayerName(int layer, String rest) {
  private static final Pattern PATTERN =
      Pattern.compile("bert/encoder/layer_(0|[1-9][0-9]{0,5})/(.+)");

  /** Empty where the parameter belongs to no encoder layer. */
  static Optional<LayerName> of(String parameterName) {
    Matcher matcher = PATTERN.matcher(parameterName);
    return matcher.matches()
        ? Optional.of(new LayerName(Integer.parseInt(matcher.group(1)), matcher.group(2)))
        : Optional.empty();
  }

  LayerName inLayer(int other) {
    return new LayerName(other, rest);
  }

  @Override
  public String toString() {
    return "bert/encoder/layer_" + layer + "/" + rest;
  }
}
