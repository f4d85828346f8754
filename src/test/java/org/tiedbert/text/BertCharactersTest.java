package org.tiedbert.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tiedbert.text.BertCharacters.Kind;

/** That the whole is right is tested where it is used, through the tokenizer in the graph. */
class BertCharactersTest {
  private final BertCharacters uncased = BertCharacters.of(true);
  private final BertCharacters cased = BertCharacters.of(false);

  @Test
  void tellsWhatCharactersAre() {
    for (BertCharacters characters : new BertCharacters[] {uncased, cased}) {
      assertThat(characters.kindOf('a')).isEqualTo(Kind.LETTER);
      assertThat(characters.kindOf('\t')).isEqualTo(Kind.SPACE);
      assertThat(characters.kindOf(0x3000)).isEqualTo(Kind.SPACE);
      assertThat(characters.kindOf('$')).isEqualTo(Kind.ISOLATED);
      assertThat(characters.kindOf(0x8a9e)).isEqualTo(Kind.ISOLATED);
      assertThat(characters.kindOf(0)).isEqualTo(Kind.DROPPED);
      assertThat(characters.kindOf(0x200d)).isEqualTo(Kind.DROPPED);
      assertThat(characters.kindOf(0xe000)).isEqualTo(Kind.DROPPED); // private use
      assertThat(characters.kindOf(0x10fffd)).isEqualTo(Kind.DROPPED);
      assertThat(characters.kindOf(0x378)).isEqualTo(Kind.LETTER); // unassigned
      assertThat(characters.kindOf(0xa1234)).isEqualTo(Kind.LETTER);
      assertThat(characters.kindOf(0xffff)).isEqualTo(Kind.LETTER);
      assertThat(characters.kindOf(0xd800)).isEqualTo(Kind.DROPPED);
    }
    assertThat(uncased.kindOf(0x301)).isEqualTo(Kind.DROPPED);
    assertThat(cased.kindOf(0x301)).isEqualTo(Kind.LETTER);
  }

  @Test
  void tellsWhatCharactersBecome() {
    assertThat(uncased.normalized('A')).containsExactly('a');
    assertThat(uncased.normalized(0xc9)).containsExactly('e'); // É
    assertThat(uncased.normalized(0x3a3)).containsExactly(0x3c3); // Σ, never the final sigma
    assertThat(uncased.normalized(0x130)).containsExactly('i'); // İ
    assertThat(uncased.normalized(0xac01)).containsExactly(0x1100, 0x1161, 0x11a8); // 각
    assertThat(uncased.normalized(0x2260)).containsExactly('='); // ≠
    assertThat(uncased.kindOf(0x2260)).isEqualTo(Kind.ISOLATED);
    assertThat(uncased.normalized(0x301)).isEmpty();
    assertThat(cased.normalized(0xc9)).containsExactly(0xc9);
    assertThat(cased.normalized(' ')).isEmpty();
  }

  @Test
  void tellsTheOrderOfMarksThatStay() {
    // combining classes 9, 9, 224, 226 and 1 (Adlam's nukta, newer than most tables)
    assertThat(uncased.markOrder(0x1b44)).isEqualTo(uncased.markOrder(0xa953));
    assertThat(uncased.markOrder(0x302e)).isGreaterThan(uncased.markOrder(0x1b44));
    assertThat(uncased.markOrder(0x1d16d)).isGreaterThan(uncased.markOrder(0x302e));
    assertThat(uncased.markOrder(0x1e94a)).isPositive().isLessThan(uncased.markOrder(0x1b44));
    assertThat(uncased.markOrder('a')).isZero();
    assertThat(uncased.markOrder(0x301)).isZero();
    assertThat(uncased.endsMarks('a')).isTrue();
    assertThat(uncased.endsMarks(0x301)).isFalse();
    assertThat(uncased.endsMarks(0xe31)).isTrue(); // Thai vowel, dropped, but of class 0
    assertThat(uncased.endsMarks(0x200d)).isFalse(); // gone before marks are sorted
    assertThat(cased.markOrder(0x302e)).isZero();
  }

  @Test
  void leavesAsItIsWhatItHasMadeOfACharacter() {
    for (BertCharacters characters : new BertCharacters[] {uncased, cased}) {
      for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
        for (int character : characters.normalized(codePoint)) {
          if (characters.kindOf(character) != characters.kindOf(codePoint)
              || !Arrays.equals(characters.normalized(character), new int[] {character})) {
            fail("U+%X becomes U+%X, which becomes something else", codePoint, character);
          }
        }
      }
    }
  }
}
