package org.tiedbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordNetClassesTest {
  @TempDir private Path folder;

  @Test
  void takesDefinitionAndClassOutOfALine() {
    // given: lexicographer file 05, noun.animal
    String line =
        "02086723 05 n 03 dog 0 domestic_dog 0 Canis_familiaris 0 001 @ 02085998 n 0000"
            + " | a member of the genus Canis; occurs in many breeds; \"the dog barked all night\"  ";
    // then
    assertThat(WordNetClasses.definition(line))
        .isEqualTo("a member of the genus Canis; occurs in many breeds");
    assertThat(WordNetClasses.className(line)).isEqualTo("animal");
  }

  @Test
  void knowsTheClassesOfWellKnownDefinitions() {
    Map<String, String> classes =
        WordNetClasses.read().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    assertThat(new HashSet<>(classes.values())).hasSize(WordNetClasses.NUM_CLASSES);
    assertThat(classes.get("(British informal) pork sausage")).isEqualTo("food");
    assertThat(classes.get("(baseball) a ballplayer who is batting")).isEqualTo("person");
    assertThat(classes.get("any movable possession (especially articles of clothing)"))
        .isEqualTo("possession");
  }

  @Test
  void theFilesAreDisjointAndAlwaysTheSame() throws IOException {
    Path train = folder.resolve("train.tsv");
    Path dev = folder.resolve("dev.tsv");
    WordNetClasses.write(train, 300, dev, 50);
    List<String> first = Files.readAllLines(train);
    Set<String> other = new HashSet<>(Files.readAllLines(dev));
    assertThat(first).hasSize(301).startsWith("definition\tclass");
    assertThat(other).hasSize(51);
    assertThat(first.subList(1, 301)).doesNotContainAnyElementsOf(other).doesNotHaveDuplicates();
    WordNetClasses.write(train, 300, dev, 50);
    assertThat(Files.readAllLines(train)).isEqualTo(first);
  }

  @Test
  void refusesMoreExamplesThanThereAre() {
    assertThatThrownBy(
            () ->
                WordNetClasses.write(folder.resolve("train"), 1_000_000, folder.resolve("dev"), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 1000000 and 10");
  }
}
