package org.tiedbert;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Files that were valid before something happened to them: bits that flipped, bytes that others
 * took the place of, a cut, a piece that is missing or there twice, a number that is another.
 */
public final class Mutations {
  /** What is put in the place of numbers in text: ends of types, and what is none. */
  private static final String[] NUMBERS = {
    "0",
    "-1",
    "1",
    "2147483647",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "18446744073709551616",
    "1e308",
    "1e999",
    "NaN",
    "0.5",
    "null",
    "[]",
    "\"\"",
    "{}",
    "true"
  };

  /** How many times as many as usual; {@code -Dtiedbert.fuzz=100} for a night. */
  private static final int FACTOR = Integer.getInteger("tiedbert.fuzz", 1);

  private Mutations() {}

  /**
   * Mutations of a file, other ones for another seed.
   *
   * @param count before {@code -Dtiedbert.fuzz} multiplies it
   */
  public static Stream<byte[]> of(byte[] whole, long seed, int count) {
    Random random = new Random(seed);
    return Stream.generate(() -> one(whole, random)).limit((long) count * FACTOR);
  }

  private static byte[] one(byte[] whole, Random random) {
    byte[] mutated = whole.clone();
    for (int n = random.nextInt(3); n >= 0; n--) {
      mutated = once(mutated, random);
    }
    return Arrays.equals(mutated, whole) ? one(whole, random) : mutated;
  }

  private static byte[] once(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int place = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(64, bytes.length - place));
    return switch (random.nextInt(7)) {
      case 0 -> with(bytes, place, bytes[place] ^ 1 << random.nextInt(8));
      case 1 -> with(bytes, place, random.nextInt());
      case 2 -> Arrays.copyOf(bytes, place);
      case 3 -> joined(bytes, place, new byte[0], place + length);
      case 4 -> joined(bytes, place, Arrays.copyOfRange(bytes, place, place + length), place);
      case 5 -> withAnotherWord(bytes, random);
      default -> withAnotherNumber(bytes, place, random);
    };
  }

  private static byte[] with(byte[] bytes, int place, int value) {
    byte[] changed = bytes.clone();
    changed[place] = (byte) value;
    return changed;
  }

  /** The bytes up to a place, some between, and the bytes from another place on. */
  private static byte[] joined(byte[] bytes, int end, byte[] between, int from) {
    byte[] joined = new byte[end + between.length + bytes.length - from];
    System.arraycopy(bytes, 0, joined, 0, end);
    System.arraycopy(between, 0, joined, end, between.length);
    System.arraycopy(bytes, from, joined, end + between.length, bytes.length - from);
    return joined;
  }

  /** Four or eight bytes that are a length to whoever reads them as one. */
  private static byte[] withAnotherWord(byte[] bytes, Random random) {
    long[] lengths = {-1, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 31, 1L << 40, 0};
    long length = lengths[random.nextInt(lengths.length)];
    byte[] changed = bytes.clone();
    int place = random.nextInt(bytes.length);
    for (int i = 0; i < 8 && place + i < bytes.length; i++) {
      changed[place + i] = (byte) (length >>> 8 * i);
    }
    return changed;
  }

  /** The next number of a text, if there is one. */
  private static byte[] withAnotherNumber(byte[] bytes, int place, Random random) {
    int begin = place;
    while (begin < bytes.length && !Character.isDigit(bytes[begin])) {
      begin++;
    }
    int end = begin;
    while (end < bytes.length && (Character.isDigit(bytes[end]) || bytes[end] == '.')) {
      end++;
    }
    byte[] number =
        NUMBERS[random.nextInt(NUMBERS.length)].getBytes(
            java.nio.charset.StandardCharsets.US_ASCII);
    return begin == end ? with(bytes, place, 0) : joined(bytes, begin, number, end);
  }
}
