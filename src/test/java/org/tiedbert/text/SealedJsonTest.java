package org.tiedbert.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SealedJsonTest {
  private static final String JSON = "{\n  \"name\" : \"\u00e9\",\n  \"kept\" : true\n}\n";

  @Test
  void endsWithTheDigestOfTheRest() {
    // printf '{\n  "name" : "é",\n  "kept" : true\n}\n' | sha256sum
    assertThat(new String(SealedJson.seal(JSON), UTF_8))
        .isEqualTo(
            JSON.replace("true", "true,\n  \"sha256\" : \"DIGEST\"")
                .replace(
                    "DIGEST", "a5df0fcf01c6e9320236d12f8b9208ca27035656c571262960337dd228fe8dae"));
    assertThat(SealedJson.of(SealedJson.seal(JSON))).isEqualTo(new SealedJson(JSON, true));
  }

  @Test
  void noBitCanBeAnotherAndNoByteMissing() {
    byte[] whole = SealedJson.seal(JSON);
    for (int i = 0; i < 8 * whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i / 8] ^= (byte) (1 << i % 8);
      assertUnlike(flipped);
    }
    for (int i = 0; i < whole.length; i++) {
      assertUnlike(Arrays.copyOf(whole, i));
    }
    assertUnlike(new String(whole, UTF_8).replace("true", "false").getBytes(UTF_8));
  }

  /** Not intact, or with the property still in it, which no record has a component for. */
  private static void assertUnlike(byte[] damaged) {
    SealedJson read = SealedJson.of(damaged);
    if (read.isIntact()) {
      assertThat(read.json()).isEqualTo(new String(damaged, UTF_8));
    }
  }

  @Test
  void readsWhatWasWrittenBeforeThereWereSeals() {
    assertThat(SealedJson.of(JSON.getBytes(UTF_8))).isEqualTo(new SealedJson(JSON, true));
  }

  @Test
  void sealsObjectsOnly() {
    assertThatThrownBy(() -> SealedJson.seal("[]\n"))
        .hasMessage("an object must end with a line of its own, got []\n");
  }
}
