package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.checkpoint.TensorBundleWriter;
import org.tiedbert.export.TinyModel;

/** import and convert. */
class ForeignModelCommandsTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path checkpoint;
  private Path run;
  private Path foreign;
  private Path model;

  @BeforeEach
  void train() {
    run = folder.resolve("run");
    checkpoint = TinyModel.writeRun(run, 20, 30);
    foreign = folder.resolve("foreign");
    model = folder.resolve("model");
  }

  @Test
  void googlesFilesGoOutAndComeBack() {
    // when
    assertThat(convert("google", run, foreign)).as(err::toString).isZero();
    // then
    assertThat(out.toString())
        .isEqualTo(
            "%s: %s, as google-research/bert has it\nIts text is uncased: do_lower_case is true\n"
                .formatted(foreign, checkpoint));
    // and back: embeddings 832, layers 2 · 2224, pooler 272, head 328
    assertThat(importFrom("google", foreign, model, "--uncased")).as(err::toString).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            %s: 5,880 parameters, 2 layers of 16, vocabulary of 24
            Text is uncased (as asked for)
            Beside the encoder: pooler, masked-LM head
            Not in it: next-sentence head, classifier
            """
                .formatted(model));
    assertSameTensors();
    // and out again
    assertThat(convert("google", model, folder.resolve("again"))).as(err::toString).isZero();
  }

  @Test
  void huggingFacesFilesGoOutAndComeBack() {
    assertThat(convert("huggingface", run, foreign)).as(err::toString).isZero();
    assertThat(out.toString())
        .startsWith("%s: %s, as Hugging Face has it\n".formatted(foreign, checkpoint));
    assertThat(importFrom("huggingface", foreign, model)).as(err::toString).isZero();
    assertThat(out.toString())
        .contains(
            "Text is uncased (as its files show; --cased and --uncased say otherwise)\n"
                + "Beside the encoder: pooler, masked-LM head\n")
        .doesNotContain("Left out");
    assertSameTensors();
  }

  @Test
  void importSaysWhatItLeftOutAndRefusesHalfAHead() throws IOException {
    // given
    assertThat(convert("google", run, foreign)).isZero();
    String head = "cls/predictions/";
    // when: without the head, and with what is none of ours
    rewrite(name -> name.startsWith(head) ? name.replace(head, "another/") : name + "/adam_m");
    // then
    assertThat(importFrom("google", foreign, model)).as(err::toString).isZero();
    assertThat(out.toString())
        .endsWith(
            """
            Text is cased (as its files show; --cased and --uncased say otherwise)
            Beside the encoder: pooler
            Not in it: masked-LM head, next-sentence head, classifier
            Left out, of its training only (39): such as bert/embeddings/LayerNorm/beta/adam_m
            Left out, unknown here (5):
              another/output_bias
              another/transform/LayerNorm/beta
              another/transform/LayerNorm/gamma
              another/transform/dense/bias
              another/transform/dense/kernel
            """);
    // and with a part of the head
    rewrite(name -> name.startsWith("another/output") ? head + "output_bias" : name);
    assertThat(importFrom("google", foreign, folder.resolve("half"))).isEqualTo(1);
    assertThat(err.toString())
        .contains("cls/predictions/transform/dense/kernel [16, 16] is missing, though there is a");
    assertThat(folder.resolve("half")).doesNotExist();
  }

  @Test
  void importRefusesWhatIsNoNumber() throws IOException {
    // given
    assertThat(convert("google", run, foreign)).isZero();
    Path prefix = foreign.resolve("bert_model.ckpt");
    Map<String, Shape> shapes = new TreeMap<>();
    Map<String, float[]> values = new TreeMap<>();
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      for (String name : bundle.names()) {
        shapes.put(name, bundle.shape(name));
        values.put(name, bundle.floats(name));
      }
    }
    values.get("bert/pooler/dense/bias")[3] = Float.NaN;
    new TensorBundleWriter(shapes, values::get).write(prefix);
    // then
    assertThat(importFrom("google", foreign, model)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: %s: bert/pooler/dense/bias must hold finite float32 numbers, number 3 of it is NaN; its training went wrong, or the file is damaged\n"
                .formatted(foreign));
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("run", "foreign");
  }

  @Test
  void importSaysWhoseFolderItIs() {
    assertThat(convert("google", run, foreign)).isZero();
    assertThat(importFrom("huggingface", foreign, model)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: %s holds no config.json but bert_config.json, which folders of google-research/bert have; import it as one\n"
                .formatted(foreign));
  }

  @Test
  void refuseWhatIsThereAndWhatIsNot() throws IOException {
    Files.createDirectory(foreign);
    assertThat(convert("google", run, foreign)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: %s exists; name another folder, or delete this one\n".formatted(foreign));
    assertThat(importFrom("google", foreign, model)).isEqualTo(1);
    assertThat(err.toString()).startsWith("tiedbert: %s holds no checkpoint: ".formatted(foreign));
    assertThat(convert("google", folder.resolve("nothing"), model)).isEqualTo(1);
    assertThat(err.toString()).contains("there is no directory");
    assertThat(model).doesNotExist();
  }

  @Test
  void wrongOptionsAreUsageErrors() {
    assertThat(importFrom("onnx", foreign, model)).isEqualTo(2);
    assertThat(err.toString()).contains("'--from'", "[GOOGLE, HUGGINGFACE]", "'onnx'");
    assertThat(importFrom("google", foreign, model, "--cased", "--uncased")).isEqualTo(2);
    assertThat(err.toString()).contains("--cased, --uncased are mutually exclusive");
    assertThat(run("convert", "--to", "google")).isEqualTo(2);
    assertThat(err.toString()).contains("--init", "--output");
    assertThat(folder.toFile().list()).containsExactly("run");
  }

  private void assertSameTensors() {
    try (TensorBundle before = TensorBundle.open(checkpoint.resolve("model.ckpt"));
        TensorBundle after = TensorBundle.open(model.resolve("model.ckpt"))) {
      assertThat(after.names()).isEqualTo(before.names());
      for (String name : before.names()) {
        assertThat(after.shape(name)).isEqualTo(before.shape(name));
        assertThat(after.floats(name)).isEqualTo(before.floats(name));
      }
    }
  }

  /** Adds to the checkpoint's tensors the same under other names; those of the head are moved. */
  private void rewrite(UnaryOperator<String> rename) throws IOException {
    Path prefix = foreign.resolve("bert_model.ckpt");
    Map<String, Shape> shapes = new TreeMap<>();
    Map<String, float[]> values = new TreeMap<>();
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      for (String name : bundle.names()) {
        shapes.put(rename.apply(name), bundle.shape(name));
        values.put(rename.apply(name), bundle.floats(name));
        if (name.startsWith("bert/")) {
          shapes.put(name, bundle.shape(name));
          values.put(name, bundle.floats(name));
        }
      }
    }
    new TensorBundleWriter(shapes, values::get).write(prefix);
  }

  private int convert(String to, Path init, Path output) {
    return run("convert", "--to", to, "--init", init.toString(), "--output", output.toString());
  }

  private int importFrom(String from, Path input, Path output, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "import",
                "--from",
                from,
                "--input",
                input.toString(),
                "--output",
                output.toString()));
    arguments.addAll(List.of(options));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
