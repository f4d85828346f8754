package org.tiedbert.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PrefetcherTest {
  @Test
  void worksAheadUpToItsDepth() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    try (Prefetcher<Integer> prefetcher = new Prefetcher<>(calls::incrementAndGet, 3)) {
      while (calls.get() < 3) {
        Thread.sleep(1);
      }
      Thread.sleep(50);
      assertThat(calls).hasValue(3);
      for (int i = 1; i <= 10; i++) {
        assertThat(prefetcher.next()).isEqualTo(i);
      }
    }
    int callsAtClose = calls.get();
    Thread.sleep(20);
    assertThat(calls).hasValue(callsAtClose);
  }

  @Test
  void anErrorComesAfterTheValuesBeforeIt() {
    AtomicInteger calls = new AtomicInteger();
    try (Prefetcher<Integer> prefetcher =
        new Prefetcher<>(() -> 2 / (2 - calls.getAndIncrement()), 4)) {
      assertThat(prefetcher.next()).isEqualTo(1);
      assertThat(prefetcher.next()).isEqualTo(2);
      assertThatThrownBy(prefetcher::next).isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(prefetcher::next).isInstanceOf(ArithmeticException.class);
    }
  }

  @Test
  void closingWakesWhoeverWaits() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    Prefetcher<Integer> prefetcher =
        new Prefetcher<>(
            () -> {
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return 1;
            },
            1);
    Thread closing = new Thread(prefetcher::close);
    closing.start();
    assertThatThrownBy(prefetcher::next).hasMessageContaining("closed");
    release.countDown();
    closing.join();
  }
}
