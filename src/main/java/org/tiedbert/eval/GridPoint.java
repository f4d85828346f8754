package org.tiedbert.eval;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** One choice of what papers search over, for all seeds. */
public record GridPoint(double learningRate, int batchSize, double weightDecay) {
  public GridPoint {
    new FineTuningConfig.Rate(learningRate, 0);
    if (batchSize < 1) {
      throw new IllegalArgumentException("a batch size must be at least 1, got " + batchSize);
    }
    if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
      throw new IllegalArgumentException("a weight decay must be at least 0, got " + weightDecay);
    }
  }

  /** Such as {@code learning rate 5e-5, batch 16, weight decay 0.01}. */
  public String inWords() {
    return "learning rate %s, batch %d, weight decay %s"
        .formatted(rateInWords(), batchSize, decayInWords());
  }

  /** Such as {@code 5e-5}. */
  public String rateInWords() {
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
    symbols.setExponentSeparator("e");
    return new DecimalFormat("0.################E0", symbols).format(learningRate);
  }

  /** Such as {@code 0.01}. */
  public String decayInWords() {
    return BigDecimal.valueOf(weightDecay).stripTrailingZeros().toPlainString();
  }
}
