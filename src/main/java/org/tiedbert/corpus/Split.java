package org.tiedbert.corpus;

/** Which part of a corpus a document belongs to. */
public enum Split {
  TRAIN("train"),
  HELD_OUT("held-out");

  private final String fileName;

  Split(String fileName) {
    this.fileName = fileName;
  }

  /** The name of shard {@code index} of {@code numShards} of this split. */
  String shardName(int index, int numShards) {
    return "%s-%05d-of-%05d.tfrecord".formatted(fileName, index, numShards);
  }

  @Override
  public String toString() {
    return fileName;
  }
}
