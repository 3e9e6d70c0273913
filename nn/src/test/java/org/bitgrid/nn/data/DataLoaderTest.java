package org.bitgrid.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DataLoaderTest {
    private static Dataset numbers(int count) {
        return new TensorDataset(Tensors.arange(count).to(DType.FLOAT32).reshape(count, 1), Tensors.arange(count));
    }

    private static List<Long> targets(Iterable<Batch> loader) {
        List<Long> all = new ArrayList<>();
        for (Batch batch : loader) {
            try (batch; TensorScope scope = TensorScope.open()) {
                long[] targets = batch.targets().toLongArray();
                float[] inputs = batch.inputs().toFloatArray();
                for (int i = 0; i < targets.length; i++) {
                    assertThat(inputs[i]).isEqualTo(targets[i]);
                    all.add(targets[i]);
                }
            }
        }
        return all;
    }

    @Test
    void lastBatchIsShortUnlessDropped() {
        DataLoader loader = new DataLoader(numbers(10), 4);
        List<Integer> sizes = new ArrayList<>();
        loader.forEach(batch -> sizes.add(batch.size()));
        assertThat(sizes).containsExactly(4, 4, 2);
        assertThat(loader.batches()).isEqualTo(3);
        loader.dropLast(true);
        assertThat(targets(loader)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(loader.batches()).isEqualTo(2);
    }

    @Test
    void shuffledOrderDependsOnSeedAndEpochOnly() {
        List<Long> inline = targets(new DataLoader(numbers(100), 7).shuffle(3).prefetch(0));
        assertThat(inline).doesNotHaveDuplicates().hasSize(100).isNotEqualTo(inline.stream().sorted().toList());
        for (int prefetch = 1; prefetch <= 8; prefetch *= 2) {
            assertThat(targets(new DataLoader(numbers(100), 7).shuffle(3).prefetch(prefetch))).isEqualTo(inline);
        }
        DataLoader loader = new DataLoader(numbers(100), 7).shuffle(3);
        assertThat(targets(loader)).isEqualTo(inline);
        List<Long> second = targets(loader);
        assertThat(second).isNotEqualTo(inline);
        assertThat(loader.epoch()).isEqualTo(2);
        assertThat(targets(new DataLoader(numbers(100), 7).shuffle(3).epoch(1))).isEqualTo(second);
        assertThat(targets(new DataLoader(numbers(100), 7).shuffle(4))).isNotEqualTo(inline);
    }

    @Test
    void samplerChoosesSamples() {
        DataLoader loader = new DataLoader(numbers(10), 2).sampler(epoch -> new int[] {9, epoch, 9});
        assertThat(targets(loader)).containsExactly(9L, 0L, 9L);
        assertThat(targets(loader)).containsExactly(9L, 1L, 9L);
        loader.sampler(epoch -> new int[] {10});
        assertThatThrownBy(loader::iterator).isInstanceOf(ShapeException.class)
                .hasMessageContaining("sample number out of range; got 10 at place 0; expected 0 to 9");
    }

    @Test
    void nextBatchIsMadeInTheBackground() throws InterruptedException {
        List<String> threads = new CopyOnWriteArrayList<>();
        Dataset source = numbers(6);
        Dataset watched = new Dataset() {
            @Override
            public int size() {
                return source.size();
            }

            @Override
            public Batch batch(int... indices) {
                threads.add(Thread.currentThread().getName() + " " + Thread.currentThread().isDaemon());
                return source.batch(indices);
            }
        };
        try (DataLoader.BatchIterator walk = new DataLoader(watched, 2).prefetch(1).iterator()) {
            walk.next();
            for (int i = 0; threads.size() < 2 && i < 5000; i++) {
                Thread.sleep(1);
            }
        }
        assertThat(threads).hasSize(2).allMatch(name -> name.matches("bitgrid-data-\\d+ true"));
    }

    @Test
    void batchesOutliveScopesUntilClosed() {
        for (int prefetch = 0; prefetch < 2; prefetch++) {
            Batch batch;
            try (TensorScope scope = TensorScope.open()) {
                batch = new DataLoader(numbers(2000), 2000).prefetch(prefetch).iterator().next();
            }
            assertThat(batch.inputs().at(1999, 0)).isEqualTo(1999);
            batch.close();
            batch.close();
            assertThatThrownBy(() -> batch.inputs().at(0, 0)).isInstanceOf(StateException.class);
        }
    }

    @Test
    void datasetOutlivesTheScopeItWasMadeIn() {
        Dataset dataset;
        try (TensorScope scope = TensorScope.open()) {
            dataset = numbers(3000);
        }
        try (Batch batch = dataset.batch(2999)) {
            assertThat(batch.inputs().item()).isEqualTo(2999);
        }
    }

    @Test
    void errorsOfTheDatasetReachTheUser() {
        Dataset failing = new Dataset() {
            @Override
            public int size() {
                return 4;
            }

            @Override
            public Batch batch(int... indices) {
                if (indices[0] == 2) {
                    throw new BitgridException("sample 2 is unreadable");
                }
                return new Batch(Tensors.zeros(indices.length));
            }
        };
        for (int prefetch = 0; prefetch < 3; prefetch++) {
            DataLoader.BatchIterator walk = new DataLoader(failing, 2).prefetch(prefetch).iterator();
            walk.next();
            assertThatThrownBy(walk::next).isInstanceOf(BitgridException.class).hasMessage("sample 2 is unreadable");
            assertThat(walk.hasNext()).isFalse();
        }
    }

    @Test
    void walksEndCleanly() {
        DataLoader.BatchIterator walk = new DataLoader(numbers(4), 4).iterator();
        walk.next();
        assertThat(walk.hasNext()).isFalse();
        assertThatThrownBy(walk::next).isInstanceOf(NoSuchElementException.class);
        DataLoader.BatchIterator closed = new DataLoader(numbers(40), 4).prefetch(4).iterator();
        closed.next();
        closed.close();
        closed.close();
        assertThat(closed.hasNext()).isFalse();
        assertThatThrownBy(closed::next).isInstanceOf(StateException.class);
        assertThat(targets(new DataLoader(numbers(0), 4))).isEmpty();
    }

    @Test
    void subsetsAndLimits() {
        Dataset dataset = numbers(10);
        assertThat(targets(new DataLoader(dataset.limit(3), 2))).containsExactly(0L, 1L, 2L);
        assertThat(dataset.limit(20)).isSameAs(dataset);
        assertThat(targets(new DataLoader(dataset.subset(7, 7, 1).subset(2, 0), 2))).containsExactly(1L, 7L);
        assertThatThrownBy(() -> dataset.subset(10)).hasMessageContaining("got 10 at place 0");
        assertThatThrownBy(() -> dataset.limit(-1)).hasMessageContaining("got -1");
        assertThatThrownBy(() -> new DataLoader(dataset, 0)).hasMessageContaining("batch size must be positive");
        assertThatThrownBy(() -> new DataLoader(dataset, 1).prefetch(-1)).hasMessageContaining("got -1");
        assertThatThrownBy(() -> new Batch(Tensors.zeros(2), Tensors.zeros(3))).hasMessageContaining("got (2,) and");
        assertThatThrownBy(() -> new TensorDataset(Tensors.zeros(2), Tensors.zeros(3)))
                .hasMessageContaining("one number of samples");
    }

    @Test
    void everyElementTypeCanBeGathered() {
        for (DType type : DType.values()) {
            Tensor rows = Tensors.arange(6).reshape(3, 2).to(type);
            try (Batch batch = new TensorDataset(rows).batch(2, 0)) {
                assertThat(batch.inputs().dtype()).isEqualTo(type);
                assertThat(batch.inputs().spec().shape()).isEqualTo(Shape.of(2, 2));
                assertThat(batch.inputs().toDoubleArray()).isEqualTo(type == DType.BOOL
                        ? new double[] {1, 1, 0, 1} : new double[] {4, 5, 0, 1});
            }
        }
    }
}
