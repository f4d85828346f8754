package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.interop.MiniLm;
import org.tiedbert.interop.MiniLmReference;
import org.tiedbert.text.InputException;

class OnnxEmbedderTest {
  private static final int NUM_THREADS = 2;

  @TempDir Path folder;

  @Test
  void embeddingsOfABatchAreTheMeansOfEachTextsStates() throws Exception {
    // given: three texts of different lengths, of which one is cut off at 8 tokens
    List<String> texts = List.of("A ship.", "", "The sea is cold and deep, and so is the night.");
    try (OnnxEmbedder embedder =
            new OnnxEmbedder(MiniLm.onnx(), MiniLm.tokenizerJson(), 8, NUM_THREADS, true);
        MiniLmReference reference = new MiniLmReference()) {
      // when
      float[][] embeddings = embedder.embed(texts);
      // then
      String cut = "The sea is cold and deep"; // and [CLS] and [SEP]
      assertThat(reference.inputIds(cut)).hasSize(8);
      assertThat(embeddings[0]).containsExactly(mean(reference, texts.get(0)), within());
      assertThat(embeddings[1]).containsExactly(mean(reference, texts.get(1)), within());
      assertThat(embeddings[2]).containsExactly(mean(reference, cut), within());
    }
  }

  @Test
  void refusesFilesThatAreNotWhatTheyShouldBe() throws IOException {
    Path tokenizer = MiniLm.tokenizerJson();
    Path missing = folder.resolve("missing");
    assertRefused(missing, tokenizer, "there is no file %s".formatted(missing));
    Path text = Files.writeString(folder.resolve("model.onnx"), "no model");
    assertRefused(text, tokenizer, "ONNX Runtime cannot load %s: ".formatted(text));
    assertRefused(text, missing, "%s cannot be read: ".formatted(missing));
    Path json = Files.writeString(folder.resolve("tokenizer.json"), "{}");
    assertRefused(
        text,
        json,
        "%s must be a tokenizer.json as Hugging Face's tokenizers write it: ".formatted(json));
  }

  private static void assertRefused(Path model, Path tokenizer, String message) {
    assertThatThrownBy(() -> new OnnxEmbedder(model, tokenizer, 8, NUM_THREADS, true).close())
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message);
  }

  private static float[] mean(MiniLmReference reference, String text) throws Exception {
    float[] states = reference.hiddenStates(text).get(MiniLm.NUM_HIDDEN_LAYERS);
    float[] mean = new float[MiniLm.HIDDEN_SIZE];
    int numTokens = states.length / mean.length;
    for (int h = 0; h < mean.length; h++) {
      double sum = 0;
      for (int token = 0; token < numTokens; token++) {
        sum += states[token * mean.length + h];
      }
      mean[h] = (float) (sum / numTokens);
    }
    return mean;
  }

  private static Offset<Float> within() {
    return Offset.offset(1e-5f);
  }
}
