/**
 * Text into token ids, and back. {@link org.tiedbert.text.Vocabulary} is a {@code vocab.txt} as any
 * BERT reads it, {@link org.tiedbert.text.WordPieceTrainer} learns one from text, and {@link
 * org.tiedbert.text.BertTokenizer} turns text into its ids with Hugging Face's own tokenizer, so
 * that the ids equal the reference by construction.
 */
package org.tiedbert.text;
