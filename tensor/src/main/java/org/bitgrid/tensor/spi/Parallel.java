package org.bitgrid.tensor.spi;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs loops on several threads. A loop is cut into chunks by the problem alone, so results do not depend on the number
 * of threads; which thread runs which chunk does not matter to a body whose chunks write to different places.
 *
 * <p>The number of threads is that of the processors, or {@code -Dbitgrid.threads}. Calls from inside a body, and calls
 * while another thread's loop is running, run on the caller alone.
 */
public final class Parallel {
    /** How long an idle worker looks for the next loop before it sleeps: about 50 microseconds. */
    private static final int IDLE_SPINS = 2_000;
    /** How long a caller looks for its last chunk to end before it lets others run. */
    private static final int FINISH_SPINS = 20_000;

    private static final ReentrantLock ONE_LOOP = new ReentrantLock();
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);
    private static volatile int threads = configured();
    private static volatile Loop current;
    private static Worker[] workers = {};

    private Parallel() {
    }

    /** The body of a loop, called once for each chunk. */
    @FunctionalInterface
    public interface Body {
        /** Runs the indices {@code begin} (inclusive) to {@code end} (exclusive). */
        void run(int begin, int end);
    }

    private static int configured() {
        String wanted = System.getProperty("bitgrid.threads", "");
        if (wanted.isEmpty()) {
            return Runtime.getRuntime().availableProcessors();
        }
        try {
            return checked(Integer.parseInt(wanted));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("bitgrid.threads: not a number; got \"" + wanted
                    + "\"; expected 1 or more", notANumber);
        }
    }

    private static int checked(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads: got " + count + "; expected 1 or more");
        }
        return count;
    }

    /** Number of threads that loops run on, the caller's included. */
    public static int threads() {
        return threads;
    }

    /** Sets the number of threads for loops that start from now on. */
    public static void setThreads(int count) {
        threads = checked(count);
    }

    /** Runs {@code body} over 0 to {@code count} in chunks of {@code chunk} indices, the last one possibly shorter. */
    public static void range(int count, int chunk, Body body) {
        if (count <= 0) {
            return;
        }
        if (count <= chunk || threads == 1 || INSIDE.get() || !ONE_LOOP.tryLock()) {
            alone(count, chunk, body);
            return;
        }
        Loop loop = new Loop(count, chunk, body);
        try {
            INSIDE.set(true);
            wake(Math.min(threads, loop.chunks) - 1, loop);
            loop.work();
            loop.awaitOthers();
        } finally {
            current = null;
            INSIDE.set(false);
            ONE_LOOP.unlock();
        }
        loop.rethrow();
    }

    private static void alone(int count, int chunk, Body body) {
        for (int begin = 0; begin < count; begin += chunk) {
            body.run(begin, Math.min(count - begin, chunk) + begin);
        }
    }

    private static void wake(int helpers, Loop loop) {
        if (workers.length < helpers) {
            Worker[] more = Arrays.copyOf(workers, helpers);
            for (int i = workers.length; i < helpers; i++) {
                more[i] = new Worker(i);
            }
            int first = workers.length;
            workers = more;
            current = loop;
            for (int i = first; i < helpers; i++) {
                more[i].start();
            }
        }
        current = loop;
        for (int i = 0; i < helpers; i++) {
            if (workers[i].asleep) {
                LockSupport.unpark(workers[i]);
            }
        }
    }

    /** One parallel loop. */
    private static final class Loop {
        final int count;
        final int chunk;
        final int chunks;
        final Body body;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger unfinished;
        volatile Throwable failure;

        Loop(int count, int chunk, Body body) {
            this.count = count;
            this.chunk = chunk;
            this.chunks = (int) (((long) count + chunk - 1) / chunk);
            this.body = body;
            this.unfinished = new AtomicInteger(chunks);
        }

        void work() {
            for (int i = next.getAndIncrement(); i < chunks; i = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        int begin = i * chunk;
                        body.run(begin, Math.min(count - begin, chunk) + begin);
                    }
                } catch (RuntimeException | Error thrown) {
                    failure = thrown;
                } finally {
                    unfinished.decrementAndGet();
                }
            }
        }

        void awaitOthers() {
            for (int spins = 0; unfinished.get() > 0; spins++) {
                if (spins < FINISH_SPINS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
        }

        void rethrow() {
            if (failure instanceof RuntimeException runtime) {
                throw runtime;
            }
            if (failure instanceof Error error) {
                throw error;
            }
        }
    }

    /** Waits for loops, first awake, then asleep. */
    private static final class Worker extends Thread {
        volatile boolean asleep;
        private final int index;

        Worker(int index) {
            super("bitgrid-" + (index + 1));
            this.index = index;
            setDaemon(true);
        }

        @Override
        public void run() {
            INSIDE.set(true);
            Loop done = null;
            while (true) {
                Loop loop = await(done);
                if (index < threads - 1) {
                    loop.work();
                }
                done = loop;
            }
        }

        private Loop await(Loop done) {
            int spins = 0;
            while (true) {
                Loop loop = current;
                if (loop != null && loop != done) {
                    return loop;
                }
                if (++spins < IDLE_SPINS) {
                    Thread.onSpinWait();
                    continue;
                }
                asleep = true;
                loop = current; // it may have come before the caller could see that this thread sleeps
                if (loop == null || loop == done) {
                    LockSupport.park(this);
                }
                asleep = false;
                spins = 0;
            }
        }
    }
}
