package org.tiedbert.interop;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a tensor of a safetensors file consists of. Those that are no floating-point numbers of 16
 * bits or more have a size, so that a file that holds them beside a model can be read, and no
 * values.
 */
enum ElementType {
  F64(8, data -> (float) data.getDouble()),
  F32(4, ByteBuffer::getFloat),
  F16(2, data -> float16(data.getShort())),
  BF16(2, data -> bfloat16(data.getShort())),
  F8_E5M2(1, null),
  F8_E4M3(1, null),
  I64(8, null),
  I32(4, null),
  I16(2, null),
  I8(1, null),
  U64(8, null),
  U32(4, null),
  U16(2, null),
  U8(1, null),
  BOOL(1, null);

  /** Takes one number from little-endian data. */
  private interface Decoding {
    float next(ByteBuffer data);
  }

  private final int numBytes;
  private final Decoding decoding;

  ElementType(int numBytes, Decoding decoding) {
    this.numBytes = numBytes;
    this.decoding = decoding;
  }

  static Optional<ElementType> named(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  int numBytes() {
    return numBytes;
  }

  boolean isFloat() {
    return decoding != null;
  }

  /** Takes {@code count} numbers from little-endian data. */
  void decode(ByteBuffer data, float[] into, int from, int count) {
    for (int i = 0; i < count; i++) {
      into[from + i] = decoding.next(data);
    }
  }

  /** IEEE 754 binary16; every value of it is one of float32. */
  static float float16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) { // zero, and below the normal numbers fraction · 2⁻²⁴
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
    }
    int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127; // infinity and NaN; or a number
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  /** The upper half of a float32. */
  static float bfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
