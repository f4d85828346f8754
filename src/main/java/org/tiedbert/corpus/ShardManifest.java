package org.tiedbert.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.JsonProblem;
import org.tiedbert.text.SealedJson;

/**
 * What {@code manifest.json} of a shard directory says: the shape of its records, the vocabulary
 * their ids belong to, and every shard with its digest. Every number is checked on construction.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param maxSeqLength tokens in a record
 * @param nextSentencePairs whether records carry segment ids and next-sentence labels
 * @param lowerCase whether the text was lower-cased before tokenizing
 * @param vocabSize token ids lie in [0, vocabSize)
 * @param vocabDigest {@code Vocabulary.digest()}
 * @param settings what else the preparation was told, for people
 * @param inputs names of the text files, without their folders
 */
public record ShardManifest(
    int formatVersion,
    int maxSeqLength,
    boolean nextSentencePairs,
    boolean lowerCase,
    int vocabSize,
    String vocabDigest,
    Map<String, String> settings,
    List<String> inputs,
    SplitManifest train,
    SplitManifest heldOut) {
  /** The file format that this class reads and writes. */
  public static final int FORMAT_VERSION = 1;

  /** The manifest's name in a shard directory. */
  public static final String FILE = "manifest.json";

  private static final long MAX_BYTES = 64 << 20;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final ObjectMapper JSON = mapper();
  private static final DefaultPrettyPrinter LINES =
      new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

  public ShardManifest {
    require(formatVersion == FORMAT_VERSION, "formatVersion", FORMAT_VERSION, formatVersion);
    requireWithin("maxSeqLength", maxSeqLength, 3, RecordFormat.MAX_SEQ_LENGTH);
    requireWithin("vocabSize", vocabSize, 5, RecordFormat.MAX_VOCAB_SIZE);
    requirePresent("vocabDigest", vocabDigest);
    requirePresent("settings", settings);
    requirePresent("inputs", inputs);
    requirePresent("train", train);
    requirePresent("heldOut", heldOut);
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    inputs = List.copyOf(inputs);
    train.require(Split.TRAIN, maxSeqLength, nextSentencePairs, vocabSize);
    heldOut.require(Split.HELD_OUT, maxSeqLength, nextSentencePairs, vocabSize);
  }

  /** The part of this manifest on one split. */
  public SplitManifest split(Split split) {
    return split == Split.TRAIN ? train : heldOut;
  }

  /**
   * The shards of one split.
   *
   * @param numTokens tokens without padding
   * @param fillRate {@code numTokens / (numSequences · maxSeqLength)}, 0 without sequences
   * @param unigramEntropy −Σ p ln p in nats over the tokens that are none of the five special ones:
   *     the loss of a model that knows nothing but how often each token occurs
   */
  public record SplitManifest(
      long numSequences,
      long numTokens,
      double fillRate,
      double unigramEntropy,
      List<Shard> shards) {
    public SplitManifest {
      requirePresent("shards", shards);
      shards = List.copyOf(shards);
      requireWithin("numSequences", numSequences, 0, Long.MAX_VALUE / RecordFormat.MAX_SEQ_LENGTH);
    }

    private void require(Split split, int maxSeqLength, boolean nextSentencePairs, int vocabSize) {
      long recordBytes = new RecordFormat(maxSeqLength, nextSentencePairs).recordBytes();
      long found = 0;
      for (int i = 0; i < shards.size(); i++) {
        shards.get(i).require(split.shardName(i, shards.size()), recordBytes);
        found += shards.get(i).numSequences();
      }
      ShardManifest.require(
          found == numSequences, split + " numSequences", "the shards' sum " + found, numSequences);
      long numSlots = numSequences * maxSeqLength;
      requireWithin("numTokens", numTokens, 0, numSlots);
      double expected = fillRate(numTokens, numSlots);
      ShardManifest.require(
          Math.abs(fillRate - expected) < 1e-9, split + " fillRate", expected, fillRate);
      ShardManifest.require(
          unigramEntropy >= 0 && unigramEntropy <= Math.log(vocabSize) + 1e-9,
          split + " unigramEntropy",
          "a number in [0, ln vocabSize]",
          unigramEntropy);
    }

    static double fillRate(long numTokens, long numSlots) {
      return numSlots == 0 ? 0 : (double) numTokens / numSlots;
    }
  }

  /**
   * One file.
   *
   * @param sha256 of the whole file, in lower-case hexadecimal
   */
  public record Shard(String file, long numSequences, long bytes, String sha256) {
    private void require(String expectedFile, long recordBytes) {
      ShardManifest.require(expectedFile.equals(file), "shard file", expectedFile, file);
      requireWithin(file + " numSequences", numSequences, 1, Integer.MAX_VALUE);
      ShardManifest.require(
          bytes == numSequences * recordBytes, file + " bytes", numSequences * recordBytes, bytes);
      requirePresent(file + " sha256", sha256);
      ShardManifest.require(
          SHA256.matcher(sha256).matches(), file + " sha256", "64 hexadecimal digits", sha256);
    }
  }

  /** Reads and checks the manifest of a shard directory. */
  public static ShardManifest read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new CorpusException(
          "%s is no directory of shards: it has no %s; make one with 'prepare'"
              .formatted(directory, FILE));
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new CorpusException("%s is longer than %d bytes".formatted(file, MAX_BYTES));
      }
      SealedJson sealed = SealedJson.of(Files.readAllBytes(file));
      ShardManifest manifest = JSON.readValue(sealed.json(), ShardManifest.class);
      if (!sealed.isIntact()) {
        throw new CorpusException(
            "manifest %s is damaged: it is not as it was written, by its own SHA-256; copy the folder again or make it again with 'prepare'"
                .formatted(file));
      }
      return manifest;
    } catch (ValueInstantiationException e) {
      throw malformed(file, e.getCause().getMessage(), e);
    } catch (JsonProcessingException e) {
      throw malformed(file, JsonProblem.of(e), e);
    } catch (IOException e) {
      throw new CorpusException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  void write(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    Files.write(file, SealedJson.seal(JSON.writer(LINES).writeValueAsString(this) + "\n"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** The layout of the records; two manifests of equal shape have equal formats. */
  RecordFormat recordFormat() {
    return new RecordFormat(maxSeqLength, nextSentencePairs);
  }

  private static CorpusException malformed(Path file, String problem, Exception cause) {
    return new CorpusException("manifest %s is malformed: %s".formatted(file, problem), cause);
  }

  private static void requirePresent(String name, Object value) {
    require(value != null, name, "a value", "none");
  }

  private static void requireWithin(String name, long value, long from, long to) {
    require(value >= from && value <= to, name, "a number in [%d, %d]".formatted(from, to), value);
  }

  private static void require(boolean holds, String name, Object expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException("%s must be %s, got %s".formatted(name, expected, found));
    }
  }

  private static ObjectMapper mapper() {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .build();
  }
}
