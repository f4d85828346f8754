/**
 * A checkpoint into a SavedModel; text into vectors and words through it.
 *
 * <p>A SavedModel is a folder that can be moved and that every TensorFlow runtime reads:
 *
 * <pre>
 * NAME/
 *   saved_model.pb      the graph and its {@link org.tiedbert.export.Signatures}
 *   variables/          the parameters, a TensorFlow V2 bundle
 *   assets.extra/       vocab.txt, bert_config.json and, for a trained model, config.yaml
 *   README.md           what it is and how it is called
 * </pre>
 *
 * The graph takes token ids and needs none of {@code assets.extra}, which serves whoever makes the
 * ids: {@link org.tiedbert.export.SavedModelEncoder} does, from text, for callers in Java.
 */
package org.tiedbert.export;
