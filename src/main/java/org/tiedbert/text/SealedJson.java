package org.tiedbert.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON object that tells whether it is still as it was written: its last property, {@code
 * sha256}, is the SHA-256 of the text without that property, in lower-case hexadecimal. Files of
 * before there was such a property are read too.
 *
 * @param json the object without that property
 * @param isIntact whether it is as it was written, as far as that is known
 */
public record SealedJson(String json, boolean isIntact) {
  private static final String END = "\n}\n";
  private static final Pattern SEAL =
      Pattern.compile(",\n {2}\"sha256\" : \"([0-9a-f]{64})\"\n}\n\\z");

  /**
   * Adds the property.
   *
   * @param json an object with a property or more, a line each, lines ending with a line feed
   */
  public static byte[] seal(String json) {
    if (!json.endsWith(END)) {
      throw new IllegalArgumentException("an object must end with a line of its own, got " + json);
    }
    String begin = json.substring(0, json.length() - END.length());
    return "%s,\n  \"sha256\" : \"%s\"%s".formatted(begin, digest(json), END).getBytes(UTF_8);
  }

  /** Takes the property out and compares it with the rest. */
  public static SealedJson of(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    Matcher seal = SEAL.matcher(text);
    if (!seal.find()) {
      return new SealedJson(text, true);
    }
    String json = text.substring(0, seal.start()) + END;
    return new SealedJson(json, digest(json).equals(seal.group(1)));
  }

  private static String digest(String json) {
    return Hashing.sha256().hashString(json, UTF_8).toString();
  }
}
