/**
 * Other people's checkpoints into ours and back: those of google-research/bert and of Hugging Face.
 *
 * <p>Both are a {@link org.tiedbert.interop.ForeignModel} to whoever reads them.
 */
package org.tiedbert.interop;
