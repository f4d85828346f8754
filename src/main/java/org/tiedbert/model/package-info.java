/**
 * BERT (Devlin et al. 2018) as a static graph: token ids into features and logits. Every block is a
 * class with one {@code apply}; its parameters are created in the constructor through {@link
 * org.tiedbert.model.Parameters}, under the names of google-research/bert, so applying an object
 * twice shares its weights. Blocks return float32; where products run in bfloat16 is the engine's
 * business.
 */
package org.tiedbert.model;
