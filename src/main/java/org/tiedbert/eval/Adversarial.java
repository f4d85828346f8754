package org.tiedbert.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;

/**
 * Adversarial GLUE (Wang et al. 2021): its development file, an object from {@code sst2}, {@code
 * qqp}, {@code mnli}, {@code mnli-mm}, {@code qnli} and {@code rte} to lists of examples. Labels
 * are numbers there, in an order that is not ours; they are told apart by their names.
 */
public final class Adversarial {
  private static final List<String> ZERO_ONE = List.of("0", "1");
  private static final List<String> ENTAILMENT = List.of("entailment", "not_entailment");
  private static final List<String> THREE_WAY = List.of("entailment", "neutral", "contradiction");

  private static final List<Layout> LAYOUTS =
      List.of(
          new Layout("sst2", "SST-2", "dev", ZERO_ONE, List.of("sentence")),
          new Layout("qqp", "QQP", "dev", ZERO_ONE, List.of("question1", "question2")),
          new Layout("mnli", "MNLI", "dev_matched", THREE_WAY, List.of("premise", "hypothesis")),
          new Layout(
              "mnli-mm", "MNLI", "dev_mismatched", THREE_WAY, List.of("premise", "hypothesis")),
          new Layout("qnli", "QNLI", "dev", ENTAILMENT, List.of("question", "sentence")),
          new Layout("rte", "RTE", "dev", ENTAILMENT, List.of("sentence1", "sentence2")));

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Adversarial() {}

  /**
   * The adversarial examples of one task.
   *
   * @param name the file's, such as {@code mnli-mm}
   * @param task the one of {@link GlueTasks} whose models are put to the test
   * @param cleanSet name of its development set that the examples were made from
   * @param examples with the task's own targets and the file's {@code idx}
   */
  public record AdversarialSet(String name, Task task, String cleanSet, List<Example> examples) {
    public AdversarialSet {
      examples = List.copyOf(examples);
    }
  }

  /**
   * How one task's examples are written.
   *
   * @param labels what its numbers stand for, in the order of Hugging Face's GLUE
   * @param texts keys of the one or two texts
   */
  private record Layout(
      String name, String task, String cleanSet, List<String> labels, List<String> texts) {
    AdversarialSet set(Path file, JsonNode list) {
      if (!list.isArray() || list.isEmpty()) {
        throw problem(file, name, "a list of examples is needed", list);
      }
      Task glue = GlueTasks.named(task);
      List<Example> examples = new ArrayList<>();
      for (JsonNode entry : list) {
        String where = "%s[%d]".formatted(name, examples.size());
        examples.add(example(file, where, entry, glue.output()));
      }
      return new AdversarialSet(name, glue, cleanSet, examples);
    }

    private Example example(Path file, String where, JsonNode entry, TaskOutput output) {
      int index = number(file, where, entry, "idx", Integer.MAX_VALUE);
      int label = number(file, where, entry, "label", labels.size() - 1);
      String first = text(file, where, entry, texts.get(0));
      TextPair input =
          texts.size() == 1
              ? TextPair.of(first)
              : TextPair.of(first, text(file, where, entry, texts.get(1)));
      return new Example(
          index, List.of(input), OptionalDouble.of(output.target(labels.get(label))));
    }
  }

  /**
   * Reads the file: the tasks that it has, in GLUE's order.
   *
   * @throws InputException naming file and entry, what was required and what came
   */
  public static List<AdversarialSet> read(Path file) {
    JsonNode root = json(file);
    Map<String, Layout> known = LAYOUTS.stream().collect(Collectors.toMap(Layout::name, x -> x));
    if (!root.isObject() || root.isEmpty()) {
      throw problem(file, "all of it", "an object of %s is needed".formatted(names()), root);
    }
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!known.containsKey(entry.getKey())) {
        throw new InputException(
            "%s: a task is one of %s, got '%s'".formatted(file, names(), entry.getKey()));
      }
    }
    return LAYOUTS.stream()
        .filter(layout -> root.has(layout.name))
        .map(layout -> layout.set(file, root.get(layout.name)))
        .toList();
  }

  private static JsonNode json(Path file) {
    try {
      return MAPPER.readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new InputException("there is no file " + file, e);
    } catch (JsonProcessingException e) {
      throw new InputException(
          "%s must be AdvGLUE's JSON, line %d: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  private static int number(Path file, String where, JsonNode entry, String key, int largest) {
    JsonNode value = entry.path(key);
    if (!value.isInt() || value.asInt() < 0 || value.asInt() > largest) {
      String range = largest == Integer.MAX_VALUE ? "from 0" : "from 0 to " + largest;
      throw problem(file, where, "'%s' must be a whole number %s".formatted(key, range), value);
    }
    return value.asInt();
  }

  private static String text(Path file, String where, JsonNode entry, String key) {
    JsonNode value = entry.path(key);
    if (!value.isTextual()) {
      throw problem(file, where, "'%s' must be a text".formatted(key), value);
    }
    return value.asText();
  }

  private static String names() {
    return LAYOUTS.stream().map(Layout::name).collect(Collectors.joining(", "));
  }

  private static InputException problem(Path file, String where, String what, JsonNode came) {
    String json = came.isMissingNode() ? "nothing" : came.toString();
    return new InputException(
        "%s, %s: %s, got %s"
            .formatted(
                file, where, what, json.length() <= 60 ? json : json.substring(0, 60) + "…"));
  }
}
