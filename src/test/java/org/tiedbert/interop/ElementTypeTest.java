package org.tiedbert.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.ShortDataBuffer;
import org.tensorflow.ndarray.buffer.layout.DataLayouts;
import org.tensorflow.ndarray.buffer.layout.FloatDataLayout;

class ElementTypeTest {
  /** IEEE 754-2019, table 3.5: 1 bit of sign, 5 of exponent with bias 15, 10 of fraction. */
  @ParameterizedTest
  @CsvSource({
    "0x0000, 0x0p0",
    "0x8000, -0x0p0",
    "0x0001, 0x1p-24", // the smallest
    "0x8001, -0x1p-24",
    "0x03ff, 0x0.ffcp-14", // the largest below the normal ones
    "0x0400, 0x1p-14", // the smallest normal one
    "0x3555, 0x1.554p-2", // nearest to 1/3
    "0x3c00, 1",
    "0xc000, -2",
    "0x7bff, 65504",
    "0x7c00, Infinity",
    "0xfc00, -Infinity",
    "0x7e00, NaN",
    "0x7c01, NaN",
    "0xfe00, NaN"
  })
  void readsFloat16(String bits, String expected) {
    float value = ElementType.float16((short) Integer.decode(bits).intValue());
    assertThat(Float.valueOf(value)).isEqualTo(Float.valueOf(expected));
    boolean negative = Integer.decode(bits) >= 0x8000;
    assertThat(Float.floatToRawIntBits(value) < 0).isEqualTo(negative);
  }

  /** The upper half of a float32: its exponent, and 7 bits of fraction. */
  @ParameterizedTest
  @CsvSource({
    "0x0000, 0x0p0",
    "0x8000, -0x0p0",
    "0x0001, 0x1p-133", // the smallest: 2⁻⁷ of 2⁻¹²⁶
    "0x007f, 0x0.fep-126",
    "0x0080, 0x1p-126",
    "0x3f80, 1",
    "0xc000, -2",
    "0x4049, 3.140625",
    "0x7f7f, 0x1.fep127",
    "0x7f80, Infinity",
    "0xff80, -Infinity",
    "0x7fc0, NaN",
    "0x7f81, NaN"
  })
  void readsBfloat16(String bits, String expected) {
    float value = ElementType.bfloat16((short) Integer.decode(bits).intValue());
    assertThat(Float.valueOf(value)).isEqualTo(Float.valueOf(expected));
  }

  @Test
  void agreesWithTensorFlowsConversionsOverEveryNumber() {
    ShortDataBuffer all = DataBuffers.ofShorts(1 << 16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      all.setShort((short) bits, bits);
    }
    for (int bits = 0; bits < 1 << 16; bits++) {
      FloatDataLayout<ShortDataBuffer> float16 = DataLayouts.FLOAT16;
      FloatDataLayout<ShortDataBuffer> bfloat16 = DataLayouts.BFLOAT16;
      assertThat(Float.compare(ElementType.float16((short) bits), float16.readFloat(all, bits)))
          .isZero();
      assertThat(Float.compare(ElementType.bfloat16((short) bits), bfloat16.readFloat(all, bits)))
          .isZero();
    }
  }

  @Test
  void keepsTheFractionOfWhatIsNoNumber() {
    assertThat(Float.floatToRawIntBits(ElementType.float16((short) 0xfe01))).isEqualTo(0xffc02000);
    assertThat(Float.floatToRawIntBits(ElementType.bfloat16((short) 0xffc1))).isEqualTo(0xffc10000);
  }

  @Test
  void roundsFloat64() {
    // given: 1 + 2⁻²⁴ lies between two float32 and goes to the even one, 10⁴⁰ beyond all
    ByteBuffer data = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.1).putDouble(1 + 0x1p-24).putDouble(1e40).putDouble(-0.0).flip();
    // when
    float[] values = new float[5];
    ElementType.F64.decode(data, values, 1, 4);
    // then
    assertThat(values).containsExactly(0f, 0.1f, 1f, Float.POSITIVE_INFINITY, -0f);
  }

  @Test
  void knowsTheSizeOfWhatItCannotRead() {
    assertThat(ElementType.named("I64")).contains(ElementType.I64);
    assertThat(ElementType.I64.numBytes()).isEqualTo(8);
    assertThat(ElementType.I64.isFloat()).isFalse();
    assertThat(ElementType.F8_E4M3.isFloat()).isFalse();
    assertThat(ElementType.BF16.isFloat()).isTrue();
    assertThat(ElementType.named("f32")).isEmpty();
  }
}
