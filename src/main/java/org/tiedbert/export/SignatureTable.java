package org.tiedbert.export;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.proto.SignatureDef;
import org.tiedbert.export.ExportConfig.DefaultSignature;

/** A model card's section on the signatures that its model has. */
final class SignatureTable {
  /** What a tensor is, and what its dimensions are called. */
  private record Tensor(String name, String type, String meaning) {}

  private record Described(String name, List<Tensor> inputs, List<Tensor> outputs) {}

  private static final Tensor TEXT = new Tensor(Signatures.TEXT, "string [N]", "UTF-8");
  private static final Tensor TEXT_PAIR =
      new Tensor(Signatures.TEXT_PAIR, "string [N]", "the second text of each pair");
  private static final List<Tensor> IDS =
      List.of(
          new Tensor(Signatures.INPUT_IDS, "int32 [N, S]", "`[CLS] … [SEP]`, padded"),
          new Tensor(Signatures.ATTENTION_MASK, "int32 [N, S]", "1 for tokens, 0 for padding"),
          new Tensor(Signatures.TOKEN_TYPE_IDS, "int32 [N, S]", "0, and 1 for a second text"));
  private static final List<Tensor> CLASSES =
      List.of(
          new Tensor(
              Signatures.SCORES,
              "float [N, C]",
              "probabilities; of a regression the predicted value"),
          new Tensor(Signatures.LABELS, "string [N, C]", "what each score is of"));

  private static final List<Described> ALL =
      List.of(
          new Described(
              Signatures.EMBED,
              List.of(TEXT),
              List.of(
                  new Tensor(
                      Signatures.EMBEDDING,
                      "float [N, H]",
                      "mean of the tokens' last hidden states, [CLS] and [SEP] among them"),
                  new Tensor(Signatures.CLS, "float [N, H]", "the last hidden state of [CLS]"))),
          new Described(
              Signatures.FILL_MASK,
              List.of(TEXT, new Tensor(Signatures.TOP_K, "int32", "K, at most V")),
              List.of(
                  new Tensor(
                      Signatures.TEXT_INDEX,
                      "int32 [M]",
                      "for every [MASK], in reading order, which text it stands in"),
                  new Tensor(Signatures.TOKENS, "string [M, K]", "the most probable, best first"),
                  new Tensor(Signatures.SCORES, "float [M, K]", "their probabilities"))),
          new Described(Signatures.CLASSIFY, List.of(TEXT), CLASSES),
          new Described(Signatures.CLASSIFY_PAIR, List.of(TEXT, TEXT_PAIR), CLASSES),
          new Described(
              Signatures.ENCODE,
              IDS,
              List.of(
                  new Tensor(Signatures.LAST_HIDDEN_STATE, "float [N, S, H]", "of every token"),
                  new Tensor(
                      Signatures.POOLER_OUTPUT,
                      "float [N, H]",
                      "tanh of a dense layer on [CLS]; of use where a sentence-level head trained it"),
                  new Tensor(
                      Signatures.HIDDEN_STATES,
                      "float [L+1, N, S, H]",
                      "the embeddings' and every layer's"))),
          new Described(
              Signatures.MASK_LOGITS,
              IDS,
              List.of(
                  new Tensor(
                      Signatures.MASK_POSITIONS, "int32 [M, 2]", "row and place of each [MASK]"),
                  new Tensor(Signatures.LOGITS, "float [M, V]", "of the vocabulary there"))));

  private SignatureTable() {}

  static String of(Map<String, SignatureDef> signatures, DefaultSignature byDefault) {
    return """

        ## Signatures

        For any number N of texts or sequences, S tokens of each, L layers, H hidden, V vocabulary, M masks,
        K predictions for each, C classes. Of a text that is too long the end is left out.

        | signature | takes | gives |
        |---|---|---|
        """
        + ALL.stream()
            .filter(described -> signatures.containsKey(described.name))
            .map(described -> row(described, signatures.get(described.name), byDefault))
            .collect(Collectors.joining());
  }

  private static String row(
      Described described, SignatureDef signature, DefaultSignature byDefault) {
    String alias =
        byDefault.signature().equals(described.name)
            ? ", `%s`".formatted(Signatures.SERVING_DEFAULT)
            : "";
    List<Tensor> outputs =
        described.outputs.stream()
            .filter(output -> signature.containsOutputs(output.name))
            .toList();
    return "| `%s`%s | %s | %s |\n"
        .formatted(described.name, alias, cell(described.inputs), cell(outputs));
  }

  private static String cell(List<Tensor> tensors) {
    return tensors.stream()
        .map(tensor -> "`%s` %s: %s".formatted(tensor.name, tensor.type, tensor.meaning))
        .collect(Collectors.joining("<br>"));
  }
}
