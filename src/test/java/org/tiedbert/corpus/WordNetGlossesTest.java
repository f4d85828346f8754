package org.tiedbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordNetGlossesTest {

  @Test
  void aMeaningIsItsWordsAndItsGloss() {
    // given: two words, in hexadecimal count, one of them an adjective with a marker
    String line = "00001740 00 a 02 up_to(p) 0 able 0 001 = 05207437 n 0000 | having skill  ";
    // when, then
    assertThat(WordNetGlosses.sentence(line)).isEqualTo("up to, able: having skill");
  }

  @Test
  void theArtifactHoldsAllMeanings(@TempDir Path directory) {
    // given: WordNet 3.1 has 117,791 synsets (wnstats(7WN) of 3.1's files: 82,192 nouns, 13,789
    // verbs, 18,185 adjectives, 3,625 adverbs)
    assertThat(WordNetGlosses.read()).hasSize(82_192 + 13_789 + 18_185 + 3_625);
    // when
    Path file = directory.resolve("glosses.txt");
    WordNetGlosses.write(file);
    // then: the reader of every command reads it, a document for each
    try (DocumentReader documents = new DocumentReader(List.of(file.toString()))) {
      assertThat(documents.next().paragraphs())
          .containsExactly(
              "entity: that which is perceived or known or inferred to have its own distinct"
                  + " existence (living or nonliving)");
    }
  }
}
