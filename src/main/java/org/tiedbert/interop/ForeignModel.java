package org.tiedbert.interop;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.text.Vocabulary;

/**
 * A model that another program wrote, seen as one of ours: its tensors under our parameters' names,
 * in our layout, in float32. Opened by one thread, read by one, closed.
 */
public interface ForeignModel extends AutoCloseable {
  /** Shape of the encoder and how its text is tokenized. */
  BertConfig config();

  Vocabulary vocabulary();

  /** What the classifier's outputs stand for, if there is a classifier. */
  Optional<Labels> labels();

  /** Our names of the parameters it holds, those of the heads it has among them. */
  SortedSet<String> parameters();

  /** Its own names of the tensors that are none of our parameters, in order. */
  List<String> unknown();

  /**
   * The shape of a parameter in our layout: a dense kernel is [inputs, outputs].
   *
   * @throws IllegalArgumentException if it is not one of {@link #parameters()}
   */
  Shape shape(String parameter);

  /**
   * The values of a parameter, row by row in that layout.
   *
   * @throws InteropException if the file is damaged there
   */
  float[] values(String parameter);

  @Override
  void close();
}
