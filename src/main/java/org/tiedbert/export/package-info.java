/**
 * A checkpoint into a SavedModel; text into vectors, words and classes through it.
 *
 * <p>A SavedModel is a folder that can be moved and that every TensorFlow runtime reads:
 *
 * <pre>
 * NAME/                 or NAME/N/, one version of those that TensorFlow Serving finds in NAME
 *   saved_model.pb      the graph, tokenizer and all, and its {@link org.tiedbert.export.Signatures}
 *   variables/          the parameters, a TensorFlow V2 bundle
 *   assets.extra/       tf_serving_warmup_requests and, for people and programs that make token ids
 *                       themselves, vocab.txt, bert_config.json, labels.json, config.yaml
 *   assets/             with encode as the default: vocab.txt once more, where Spark NLP looks for it
 *   README.md           what it is and how it is called
 * </pre>
 *
 * The graph takes text or token ids and needs none of {@code assets.extra}. There is a signature
 * for each thing the model can do: {@link org.tiedbert.export.ServingGraph} builds those that its
 * parts allow, each a class of its own, and {@link org.tiedbert.export.SavedModelEncoder} calls
 * them for programs in Java.
 */
package org.tiedbert.export;
