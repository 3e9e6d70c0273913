package org.bitgrid.tensor.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ParallelTest {
    @Test
    void runsEveryIndexOnceInChunksOfTheProblem() {
        for (int count : new int[] {0, 1, 7, 64, 1000, 1001}) {
            AtomicIntegerArray seen = new AtomicIntegerArray(Math.max(1, count));
            for (int repeat = 0; repeat < 200; repeat++) {
                Parallel.range(count, 7, (begin, end) -> {
                    assertThat(begin % 7).isZero();
                    for (int i = begin; i < end; i++) {
                        seen.incrementAndGet(i);
                    }
                });
            }
            for (int i = 0; i < count; i++) {
                assertThat(seen.get(i)).isEqualTo(200);
            }
        }
    }

    @Test
    void nestedLoopsRunInline() {
        AtomicIntegerArray seen = new AtomicIntegerArray(64);
        Parallel.range(8, 1, (begin, end) -> Parallel.range(8, 1, (first, last) -> seen.incrementAndGet(begin * 8 + first)));
        for (int i = 0; i < 64; i++) {
            assertThat(seen.get(i)).isOne();
        }
    }

    @Test
    void loopsFromSeveralThreadsDoNotDisturbEachOther() throws InterruptedException {
        AtomicIntegerArray sums = new AtomicIntegerArray(4);
        Thread[] callers = new Thread[4];
        for (int t = 0; t < callers.length; t++) {
            int index = t;
            callers[t] = new Thread(() -> {
                for (int repeat = 0; repeat < 500; repeat++) {
                    Parallel.range(100, 3, (begin, end) -> sums.addAndGet(index, end - begin));
                }
            });
            callers[t].start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        for (int t = 0; t < callers.length; t++) {
            assertThat(sums.get(t)).isEqualTo(50_000);
        }
    }

    @Test
    void failuresReachTheCaller() {
        assertThatThrownBy(() -> Parallel.range(100, 1, (begin, end) -> {
            if (begin == 63) {
                throw new IllegalStateException("chunk 63");
            }
        })).isInstanceOf(IllegalStateException.class).hasMessage("chunk 63");
        int[] count = {0};
        Parallel.range(10, 100, (begin, end) -> count[0] += end - begin);
        assertThat(count[0]).isEqualTo(10);
    }
}
