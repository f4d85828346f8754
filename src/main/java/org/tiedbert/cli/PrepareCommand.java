package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.tiedbert.corpus.DocumentReader;
import org.tiedbert.corpus.Packing;
import org.tiedbert.corpus.PreparationProgress;
import org.tiedbert.corpus.PreparationResult;
import org.tiedbert.corpus.PreparationSettings;
import org.tiedbert.corpus.ShardManifest.SplitManifest;
import org.tiedbert.corpus.ShardPreparation;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiedbert prepare}: text into shards. */
@Command(
    name = "prepare",
    customSynopsis = "tiedbert prepare --input GLOB... --vocab FILE --output DIR [OPTIONS]",
    description = {
      "Turns text into shards of fixed-length token sequences, which pre-training reads.",
      "Shards are TFRecord files of tf.Example, with a manifest beside them. The same text, options"
          + " and seed give the same bytes.",
    },
    footer = {
      "",
      "Example:",
      "  tiedbert prepare --input 'texts/**.txt.gz' --vocab data/vocab.txt \\",
      "    --max-seq-length 128 --output data/shards"
    })
final class PrepareCommand implements Callable<Integer> {
  private static final Duration TOKENIZER_TIME = Duration.ofSeconds(3);

  @Mixin private InputOptions input;

  @Option(
      names = "--vocab",
      required = true,
      paramLabel = "FILE",
      description = "A BERT vocab.txt; it is copied into the shards' folder.")
  private Path vocab;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The folder to make; must be empty or not exist.")
  private Path output;

  @Option(
      names = "--max-seq-length",
      paramLabel = "N",
      defaultValue = "128",
      description = "Tokens in a sequence, [CLS] and [SEP] included. Default: ${DEFAULT-VALUE}.")
  private int maxSeqLength;

  @ArgGroup private Layout layout = new Layout();

  @Option(
      names = "--held-out",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description =
          "Share of the documents that is kept for evaluation. Default: ${DEFAULT-VALUE}.")
  private double heldOut;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the held-out documents and of sentence pairs. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Spec private CommandSpec spec;

  /** What fills a sequence; without either option, the text of one document. */
  static final class Layout {
    @Option(
        names = "--nsp",
        description =
            "Sentence pairs, half of them with a random second part, for next-sentence"
                + " prediction.")
    private boolean nextSentencePairs;

    @Option(
        names = "--across-documents",
        description = "Let documents follow one another in a sequence; for short documents.")
    private boolean acrossDocuments;

    Packing packing() {
      if (nextSentencePairs) {
        return Packing.BERT_SENTENCE_PAIRS;
      }
      return acrossDocuments
          ? new Packing.AcrossDocuments(Packing.DEFAULT_MIN_TOKENS)
          : Packing.DEFAULT;
    }
  }

  @Override
  public Integer call() {
    PreparationSettings settings =
        input.settings(
            () ->
                PreparationSettings.of(input.globs, vocab, output)
                    .withLowerCase(!input.cased)
                    .withMaxSeqLength(maxSeqLength)
                    .withPacking(layout.packing())
                    .withHeldOutFraction(heldOut)
                    .withSeed(seed)
                    .withThreads(input.numThreads));
    ShardPreparation preparation = new ShardPreparation(settings);
    PreparationResult result = run(preparation);
    summarise(result, preparation.tokenizerTokensPerSecond(TOKENIZER_TIME));
    return 0;
  }

  private PreparationResult run(ShardPreparation preparation) {
    try (WorkProgress progress =
        WorkProgress.start(
            spec.commandLine().getErr(), "Preparing", WorkProgress.Unit.MEGABYTE, totalBytes())) {
      return preparation.run(at -> progress.at(at.bytesRead(), remark(at)));
    }
  }

  private long totalBytes() {
    try (DocumentReader documents = new DocumentReader(input.globs)) {
      return documents.totalBytes();
    }
  }

  private static String remark(PreparationProgress at) {
    return ", %,d sequences".formatted(at.numSequences());
  }

  private void summarise(PreparationResult result, double tokenizerTokensPerSecond) {
    PrintWriter out = spec.commandLine().getOut();
    SplitManifest train = result.manifest().train();
    SplitManifest heldOut = result.manifest().heldOut();
    out.printf("%s, made in %s%n", output, Readable.duration(result.duration()));
    out.printf("  documents          %,15d%n", result.numDocuments());
    out.printf(
        "  tokens of text     %,15d, %,d of them dropped with remainders%n",
        result.numTextTokens(), result.numDroppedTokens());
    out.printf(
        "  training           %,15d sequences in %d shards, unigram entropy %.3f nats%n",
        train.numSequences(), train.shards().size(), train.unigramEntropy());
    out.printf(
        "  held out           %,15d sequences in %d shards, unigram entropy %.3f nats%n",
        heldOut.numSequences(), heldOut.shards().size(), heldOut.unigramEntropy());
    out.printf("  fill rate          %14.1f%%%n", 100 * result.fillRate());
    out.printf(
        "  speed              %,15.0f tokens/s, %.0f%% of the tokenizer alone (%,.0f tokens/s)%n",
        result.tokensPerSecond(),
        100 * result.tokensPerSecond() / tokenizerTokensPerSecond,
        tokenizerTokensPerSecond);
  }
}
