/**
 * Training state into a directory and back, whole or not at all.
 *
 * <p>A {@link org.tiedbert.checkpoint.RunDirectory} belongs to one run and, through its {@link
 * org.tiedbert.checkpoint.RunLock}, to one process at a time. Its {@code checkpoints} folder is a
 * {@link org.tiedbert.checkpoint.CheckpointStore} of directories {@code step-N}, N the number of
 * completed updates:
 *
 * <pre>
 * step-2000/
 *   model.ckpt.index, model.ckpt.data-00000-of-00001   the variables, a TensorFlow V2 bundle
 *   bert_config.json, vocab.txt, config.yaml           what made them
 *   state.json                                         {@link org.tiedbert.checkpoint.TrainingState}
 *   manifest.json                                      size and SHA-256 of every file above and itself
 * </pre>
 *
 * Beside it, {@code environment.jsonl} has a line for each time that the run was started or
 * continued, {@link org.tiedbert.checkpoint.RunStart}.
 *
 * <p>A run that diverged and went back has {@code recoveries.json}, its {@link
 * org.tiedbert.checkpoint.Recoveries}.
 *
 * <p>A fine-tuning run has the model of its best score in {@code best/step-N}, with {@code
 * labels.json} and without the optimizer's moments, and {@code result.json} once it has ended; then
 * its {@code checkpoints} are gone.
 *
 * <p>A model that comes from no run of ours, such as an imported one, is a directory of its own, of
 * any name:
 *
 * <pre>
 * MODEL/
 *   model.ckpt.index, model.ckpt.data-*    the parameters, those of any heads among them
 *   bert_config.json, vocab.txt            their shape, and how text becomes ids
 *   labels.json                            {@link org.tiedbert.checkpoint.Labels}, with a classifier
 *   manifest.json                          as above
 * </pre>
 *
 * A checkpoint is written as {@code .step-N.PID.partial}, checked, forced to the disk and renamed,
 * so a directory named {@code step-N} is always a whole one; it is renamed to {@code
 * .step-N.removed} before it is deleted. The newest checkpoint is the intact one with the largest
 * N; there is no pointer file that could disagree. What starts from a model opens it as a {@link
 * org.tiedbert.checkpoint.ModelDirectory}. Any V2 bundle, also of another program, is read by
 * {@link org.tiedbert.checkpoint.TensorBundle}.
 */
package org.tiedbert.checkpoint;
