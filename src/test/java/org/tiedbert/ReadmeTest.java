package org.tiedbert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundleWriter;
import org.tiedbert.cli.RunConfigReader;
import org.tiedbert.corpus.DocumentReader;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.ParameterShapes;
import org.tiedbert.text.Vocabulary;
import org.tiedbert.text.WordPieceTrainer;
import org.tiedbert.train.PreTrainingConfig;

/** What the README shows is compiled, read and run. */
class ReadmeTest {
  private static final List<String> PACKAGES =
      List.of("checkpoint", "cli", "corpus", "export", "text", "train");

  private static final Vocabulary VOCABULARY =
      Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "sea"));
  private static final EncoderConfig ENCODER =
      new EncoderConfig(VOCABULARY.size(), 12, 2, 8, 3, 2, 16, 0.1, 0.1, 0.02);

  @TempDir private Path directory;

  private String readme;

  @BeforeEach
  void readReadme() throws IOException {
    readme = Files.readString(Path.of("README.md"));
  }

  @Test
  void itsConfigurationsAreRight() throws IOException {
    // given: the second starts from a model
    Path model = directory.resolve("bert");
    writeModel(model);
    List<String> blocks = blocks("yaml");
    assertThat(blocks).hasSize(2);
    Path mine = Files.writeString(directory.resolve("my.yaml"), blocks.get(0));
    Path more = Files.writeString(directory.resolve("more.yaml"), blocks.get(1));
    // when
    PreTrainingConfig anew = RunConfigReader.read(mine, List.of());
    PreTrainingConfig on = RunConfigReader.read(more, List.of("init='%s'".formatted(model)));
    // then: what the README says of them
    assertThat(anew.model().numHiddenLayers()).isEqualTo(4);
    assertThat(anew.model().hiddenSize()).isEqualTo(256);
    assertThat(anew.noise().views()).hasSize(2);
    assertThat(on.model()).isEqualTo(ENCODER);
    assertThat(on.noise().views()).hasSize(2);
    assertThat(on.loss().tiedWeight()).isEqualTo(1);
  }

  @Test
  void itsJavaTrainsAndEmbeds() throws IOException, InterruptedException {
    // given: the text and configuration that it speaks of, small
    writeText(directory.resolve("data/texts/words.txt.xz"));
    Files.writeString(
        directory.resolve("my.yaml"),
        """
        preset: bert-tiny
        data: {shards: data/shards, batchSize: 4, microBatchSize: 4}
        model: {vocabSize: %d, hiddenSize: 16, numAttentionHeads: 2, intermediateSize: 32}
        learningRate: {warmupSteps: 1}
        stages: {kind: mslt, steps: [2, 2], retrainSteps: 1, moments: copy}
        engine: {xla: off}
        evaluation: {maxSequences: 4}
        """
            .formatted(vocabSize()));
    // when
    compile();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                directory + System.getProperty("path.separator") + classPath(),
                "Readme")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // then
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("stage 3 of 3").endsWith("1 vector of 16\n");
  }

  private void compile() throws IOException {
    Path source = directory.resolve("Readme.java");
    String imports =
        PACKAGES.stream()
            .map("import org.tiedbert.%s.*;"::formatted)
            .collect(Collectors.joining("\n"));
    String body =
        blocks("java")
            .get(0)
            .replaceFirst(
                "(?s)(float\\[]\\[] vectors = .*?;)",
                "$1\nSystem.out.println(vectors.length + \" vector of \" + vectors[0].length);");
    Files.writeString(
        source,
        """
        import java.nio.file.Path;
        import java.util.List;
        %s
        class Readme {
          public static void main(String[] args) throws Exception {
            %s
          }
        }
        """
            .formatted(imports, body));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                classPath(),
                "-d",
                directory.toString(),
                source.toString());
    assertThat(status).isZero();
  }

  private List<String> blocks(String language) {
    return Pattern.compile("(?s)```" + language + "\n(.*?)```")
        .matcher(readme)
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  /** Of zeros. */
  private static void writeModel(Path target) {
    Map<String, Shape> shapes = ParameterShapes.of(ENCODER, Set.of(), 0);
    ModelDirectory.write(
        target,
        new TensorBundleWriter(shapes, name -> new float[(int) shapes.get(name).size()]),
        new BertConfig(ENCODER, true),
        VOCABULARY,
        Optional.empty());
  }

  private int vocabSize() {
    WordPieceTrainer words = new WordPieceTrainer(WordPieceTrainer.Settings.of(8000), 2);
    try (DocumentReader documents =
        new DocumentReader(List.of(directory.resolve("data/texts/**.txt.xz").toString()))) {
      words.add(documents.paragraphs().iterator());
    }
    return words.train().size();
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** Four hundred documents of made-up words. */
  private static void writeText(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Random random = new Random(1);
    try (Writer out =
        new OutputStreamWriter(
            new XZCompressorOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)) {
      for (int document = 0; document < 400; document++) {
        String words =
            Stream.generate(() -> word(random)).limit(60).collect(Collectors.joining(" "));
        out.write(words + "\n\n");
      }
    }
  }

  private static String word(Random random) {
    return IntStream.range(0, 1 + random.nextInt(3))
        .mapToObj(i -> List.of("ta", "ko", "mi", "re", "su").get(random.nextInt(5)))
        .collect(Collectors.joining());
  }
}
