package org.tiedbert.export;

import java.util.OptionalLong;
import java.util.Set;

/**
 * A model card's calls of the model.
 *
 * @param version if the model's folder is one version's
 * @param signatures what the model has
 */
record CardExamples(String name, OptionalLong version, Set<String> signatures) {
  String text() {
    return java() + python() + rest();
  }

  private boolean fillsMasks() {
    return signatures.contains(Signatures.FILL_MASK);
  }

  private boolean classifies() {
    return signatures.contains(Signatures.CLASSIFY);
  }

  /** Seen from where the folder of the name lies. */
  private String folder() {
    return version.isPresent() ? name + "/" + version.getAsLong() : name;
  }

  private String java() {
    return """

        ## From Java

        ```java
        try (SavedModelEncoder model = SavedModelEncoder.load(Path.of("%s"))) {
          float[][] embeddings = model.embed(List.of("the cat sat on the mat", "a cat"));
        """
            .formatted(folder())
        + (fillsMasks()
            ? "  List<List<Prediction>> words = model.fillMask(\"the cat sat on the [MASK]\", 5);\n"
            : "")
        + (classifies()
            ? "  List<List<Classification>> classes = model.classify(List.of(\"a cat\"));\n"
            : "")
        + """
        }
        ```

        or `tiedbert embed --model %1$s`%2$s, text on standard input.
        """
            .formatted(
                folder(),
                fillsMasks() ? " and `tiedbert fill-mask --model %s`".formatted(folder()) : "");
  }

  private String python() {
    return """

        ## From Python

        Nothing but TensorFlow; no tokenizer.

        ```python
        import tensorflow as tf

        model = tf.saved_model.load("%1$s")
        print(model.signatures["embed"](text=tf.constant(["the cat sat on the mat", "a cat"]))["embedding"])
        """
            .formatted(folder())
        + (fillsMasks()
            ? """

            words = model.signatures["fill_mask"](
                text=tf.constant(["the cat sat on the [MASK]"]), top_k=tf.constant(5))
            for tokens, scores in zip(words["tokens"].numpy(), words["scores"].numpy()):
                print([(token.decode(), score) for token, score in zip(tokens, scores)])
            """
            : "")
        + (classifies()
            ? """

            classes = model.signatures["classify"](text=tf.constant(["a cat"]))
            print(classes["labels"].numpy(), classes["scores"].numpy())
            """
            : "")
        + """
        ```

        `saved_model_cli show --dir %1$s --all` lists names, types and shapes.
        """
            .formatted(folder());
  }

  private String rest() {
    return """

        ## From anything else

        TensorFlow Serving answers over REST and gRPC. The export does not run these lines itself.

        ```sh
        docker run --rm -p 8501:8501 -v "$PWD/%1$s:/models/%1$s%2$s" -e MODEL_NAME=%1$s tensorflow/serving
        """
            .formatted(name, version.isPresent() ? "" : "/1")
        + call(
            "{\"signature_name\": \"embed\", \"instances\": [\"the cat sat on the mat\", \"a cat\"]}")
        + (fillsMasks()
            ? call(
                "{\"signature_name\": \"fill_mask\","
                    + " \"inputs\": {\"text\": [\"the cat sat on the [MASK]\"], \"top_k\": 5}}")
            : "")
        + (classifies()
            ? call("{\"signature_name\": \"classify\", \"instances\": [\"a cat\"]}")
            : "")
        + """
        ```
        """;
  }

  private String call(String json) {
    return "curl -d '%s' http://localhost:8501/v1/models/%s:predict\n".formatted(json, name);
  }
}
