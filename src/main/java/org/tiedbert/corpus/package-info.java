/**
 * Documents into shards of fixed-length token sequences, and random access to these. {@link
 * org.tiedbert.corpus.ShardPreparation} makes a shard directory of text files, {@link
 * org.tiedbert.corpus.ShardReader} reads one.
 *
 * <h2>Shard directory, format version 1</h2>
 *
 * <ul>
 *   <li>{@code manifest.json}: {@link org.tiedbert.corpus.ShardManifest}, UTF-8 JSON;
 *   <li>{@code vocab.txt}: the vocabulary that the ids belong to;
 *   <li>{@code train-IIIII-of-KKKKK.tfrecord} and {@code held-out-IIIII-of-KKKKK.tfrecord}: K
 *       shards of each split, I counting from 0, five decimal digits each. A split without
 *       sequences has no shard.
 * </ul>
 *
 * Nothing in it depends on when, where or with how many threads it was made. The directory appears
 * whole or not at all.
 *
 * <h2>Shard</h2>
 *
 * A TFRecord file without compression: records without gap or header, each
 *
 * <pre>
 *   uint64 length      of data; all numbers little-endian
 *   uint32 lengthCrc   masked CRC-32C of the eight bytes of length
 *   byte   data[length]
 *   uint32 dataCrc     masked CRC-32C of data
 *   masked(crc) = rotateRight(crc, 15) + 0xA282EAD8
 * </pre>
 *
 * and {@code data} a serialized {@code tensorflow.Example} with the features, in this order,
 *
 * <pre>
 *   input_ids             int64 [maxSeqLength]  token ids, each in three bytes
 *   segment_ids           int64 [maxSeqLength]  0 or 1, each in one byte    } only with
 *   next_sentence_labels  int64 [1]  0 is next, 1 is random, in one byte    } nextSentencePairs
 * </pre>
 *
 * as packed {@code Int64List}s. Protobuf writes a varint in as few bytes as it can; here an id is
 * always three bytes of seven bits, least significant first, the first two with the continuation
 * bit set. Every protobuf parser reads such padded varints, and in exchange all records of a set
 * have the same length, so that record i of a shard begins at byte {@code i · recordBytes}, and all
 * of a record but its ids, labels and {@code dataCrc} is the same bytes in every record. Ids
 * therefore lie below 2²¹. In a directory without pairs a record of 128 tokens takes 426 bytes.
 *
 * <p>From Python: {@code tf.io.parse_single_example(record, {"input_ids":
 * tf.io.FixedLenFeature([maxSeqLength], tf.int64)})} over {@code tf.data.TFRecordDataset}.
 *
 * <h2>What guards it</h2>
 *
 * The manifest holds each shard's length and SHA-256, and as its last property its own ({@link
 * org.tiedbert.text.SealedJson}). Lengths are compared at opening, and so are the digests of up to
 * 256 MiB; those of a longer split would hold up every start, so a thread compares them while
 * reading goes on and stops it if one differs. Every read checks the record's CRC, the bytes that
 * all records share, and that every id belongs to the vocabulary; an error names the shard and the
 * byte. {@link org.tiedbert.corpus.ShardReader#verify} compares all digests on demand.
 */
package org.tiedbert.corpus;
