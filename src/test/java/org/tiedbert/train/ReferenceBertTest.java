package org.tiedbert.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReferenceBertTest {
  @Test
  void theErrorFunctionIsThatOfTheTables() {
    // given: Abramowitz and Stegun 1964, table 7.1
    assertEquals(0.1124629160, ReferenceBert.erf(0.1), 1e-10);
    assertEquals(0.5204998778, ReferenceBert.erf(0.5), 1e-10);
    assertEquals(0.8427007929, ReferenceBert.erf(1.0), 1e-10);
    assertEquals(0.9953222650, ReferenceBert.erf(2.0), 1e-10);
    // and: odd, 0 at 0, 1 − 2.2e-5 at 3
    assertEquals(-0.9999779095, ReferenceBert.erf(-3.0), 1e-10);
    assertEquals(0, ReferenceBert.erf(0));
    assertEquals(1, ReferenceBert.erf(7));
  }
}
