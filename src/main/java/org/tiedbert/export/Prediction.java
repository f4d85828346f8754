package org.tiedbert.export;

/**
 * One token that a model would put in place of a {@code [MASK]}.
 *
 * @param token as the vocabulary has it, {@code ##} and all
 * @param probability in [0, 1]; those of the whole vocabulary sum to 1
 * @param text the text with the token in this mask's place, other masks left as they are; a token
 *     that continues a word is joined to the word before
 */
public record Prediction(String token, double probability, String text) {}
