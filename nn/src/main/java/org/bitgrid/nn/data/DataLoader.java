package org.bitgrid.nn.data;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;

/**
 * Walks over a data set in batches, once for each {@link #iterator()}: in order, or shuffled anew each time. The last
 * batch is short when the samples do not divide. While one batch is used the next ones are prepared on daemon threads;
 * how many changes nothing but the time.
 */
public final class DataLoader implements Iterable<Batch> {
    private static final long IDLE_SECONDS = 2;
    private static final ExecutorService THREADS = daemonThreads();

    private final Dataset dataset;
    private final int batchSize;
    private Sampler sampler;
    private boolean dropLast;
    private int prefetch = 1;
    private int epoch;

    /** Chooses the samples of an epoch and their order. */
    @FunctionalInterface
    public interface Sampler {
        /**
         * Numbers of samples.
         *
         * @param epoch 0 for the first walk over the data, 1 for the second, …
         */
        int[] order(int epoch);
    }

    /** Batches of {@code batchSize} samples in the order of the data set. */
    public DataLoader(Dataset dataset, int batchSize) {
        if (batchSize < 1) {
            throw new ShapeException("DataLoader", "batch size must be positive; got " + batchSize);
        }
        this.dataset = dataset;
        this.batchSize = batchSize;
        this.sampler = ignored -> IntStream.range(0, dataset.size()).toArray();
    }

    /** Takes all samples in an order that depends on the seed and the epoch only. */
    public DataLoader shuffle(long seed) {
        return sampler(number -> new Rng(seed).fork(number).permutation(dataset.size()));
    }

    /** Takes the samples that {@code order} names. */
    public DataLoader sampler(Sampler order) {
        this.sampler = order;
        return this;
    }

    /** Leaves out the last batch of an epoch when it is short. */
    public DataLoader dropLast(boolean drop) {
        this.dropLast = drop;
        return this;
    }

    /** How many batches are prepared ahead, each on a thread of its own; with 0 they are made when asked for. */
    public DataLoader prefetch(int batches) {
        if (batches < 0 || batches > 64) {
            throw new ShapeException("DataLoader.prefetch", "number of batches is out of range; got " + batches
                    + "; expected 0 to 64");
        }
        this.prefetch = batches;
        return this;
    }

    /** Number of the next walk over the data. */
    public int epoch() {
        return epoch;
    }

    /** Goes on with this epoch, as when training is resumed. */
    public DataLoader epoch(int next) {
        if (next < 0) {
            throw new ShapeException("DataLoader.epoch", "epoch must not be negative; got " + next);
        }
        this.epoch = next;
        return this;
    }

    public Dataset dataset() {
        return dataset;
    }

    public int batchSize() {
        return batchSize;
    }

    /** Number of batches in a walk over the whole data set. */
    public int batches() {
        int size = dataset.size();
        return dropLast ? size / batchSize : (int) (((long) size + batchSize - 1) / batchSize);
    }

    /** Starts the next epoch. Walks may be abandoned at any point; closing one only frees its prepared batches. */
    @Override
    public BatchIterator iterator() {
        int[] order = sampler.order(epoch);
        Subset.checkIndices("DataLoader", order, dataset.size());
        Dataset samples = dataset.atEpoch(epoch);
        epoch++;
        return new BatchIterator(samples, order);
    }

    private static ExecutorService daemonThreads() {
        AtomicInteger count = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "bitgrid-data-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** One walk over the data. For use by one thread. */
    public final class BatchIterator implements Iterator<Batch>, AutoCloseable {
        private final Dataset samples;
        private final int[] order;
        private final int end;
        private final boolean background = prefetch > 0;
        private final int ahead = Math.max(1, prefetch);
        private final Queue<Future<Batch>> prepared = new ArrayDeque<>();
        private int started;
        private int taken;
        private boolean closed;

        private BatchIterator(Dataset samples, int[] order) {
            this.samples = samples;
            this.order = order;
            this.end = dropLast ? order.length - order.length % batchSize : order.length;
            prepare();
        }

        private void prepare() {
            while (background && prepared.size() < ahead && started < end) {
                int[] indices = indices(started);
                started += indices.length;
                prepared.add(THREADS.submit(() -> samples.batch(indices)));
            }
        }

        private int[] indices(int first) {
            return IntStream.range(first, first + Math.min(batchSize, end - first)).map(i -> order[i]).toArray();
        }

        @Override
        public boolean hasNext() {
            return !closed && taken < end;
        }

        /** The next batch; an error of the data set is thrown here. */
        @Override
        public Batch next() {
            if (closed) {
                throw new StateException("DataLoader: this walk over the data was closed; ask for a new iterator");
            }
            if (taken >= end) {
                throw new NoSuchElementException("DataLoader: the epoch is over after " + end + " samples");
            }
            Batch batch = background ? await(prepared.remove()) : unscoped(indices(taken));
            taken += Math.min(batchSize, end - taken);
            prepare();
            return batch;
        }

        /** Batches outlive the scopes of the thread that uses them, whoever makes them. */
        private Batch unscoped(int[] indices) {
            return await(THREADS.submit(() -> samples.batch(indices)));
        }

        private Batch await(Future<Batch> future) {
            try {
                return future.get();
            } catch (ExecutionException e) {
                close();
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                if (e.getCause() instanceof Error cause) {
                    throw cause;
                }
                throw new BitgridException("DataLoader: the data set failed", e.getCause());
            } catch (InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw new BitgridException("DataLoader: interrupted while waiting for a batch", e);
            }
        }

        /** Frees batches that were prepared and not taken. Closing twice is allowed. */
        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            for (Future<Batch> future : prepared) {
                if (!future.cancel(false)) {
                    release(future);
                }
            }
            prepared.clear();
        }

        private static void release(Future<Batch> future) {
            try {
                future.get().close();
            } catch (ExecutionException | InterruptedException | CancellationException e) {
                // There is no batch to free; whoever closes the walk does not want to hear why.
                return;
            }
        }
    }
}
