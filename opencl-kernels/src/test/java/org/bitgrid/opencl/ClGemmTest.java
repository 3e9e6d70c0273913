package org.bitgrid.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Linear;
import org.bitgrid.tensor.op.MatMul;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Products at the borders of tiles, for every set of tiles that is shipped, whichever device it is for. */
class ClGemmTest {
    private final Rng rng = new Rng(3);

    @BeforeEach
    void thereIsADevice() {
        OnDevice.assumeThereIsOne();
    }

    private static List<Integer> borders(int tile) {
        return List.of(1, tile - 1, tile, tile + 1, 3 * tile + 5);
    }

    /** (M, N, K), one of them at a border, then all three. */
    private static Set<List<Integer>> sizes(Tiles tiles) {
        Set<List<Integer>> sizes = new LinkedHashSet<>();
        borders(tiles.tileM()).forEach(m -> sizes.add(List.of(m, 21, 19)));
        borders(tiles.tileN()).forEach(n -> sizes.add(List.of(13, n, 19)));
        borders(tiles.tileK()).forEach(k -> sizes.add(List.of(13, 21, k)));
        sizes.add(List.of(tiles.tileM() + 1, tiles.tileN() + 1, tiles.tileK() + 1));
        sizes.add(List.of(tiles.tileM(), tiles.tileN(), tiles.tileK()));
        sizes.add(List.of(5, 3, 40 * tiles.tileK() + 7)); // cut into chunks
        sizes.add(List.of(3, 4, 0));
        return sizes;
    }

    @TestFactory
    Stream<DynamicTest> bordersOfTiles() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Map.Entry<String, Tiles> each : Products.shipped().entrySet()) {
            for (List<Integer> size : sizes(each.getValue())) {
                tests.add(DynamicTest.dynamicTest(each.getKey() + " " + size, () -> all(each.getValue(), size.get(0),
                        size.get(1), size.get(2))));
            }
        }
        System.out.println("products: " + tests.size() + " sizes at the borders of tiles");
        return tests.stream();
    }

    private void all(Tiles tiles, int m, int n, int k) {
        Tensor a = Tensors.randn(rng, m, k);
        Tensor b = Tensors.randn(rng, k, n);
        Products.check(tiles, new MatMul(), a, b);
        Products.check(tiles, new MatMul(), Tensors.randn(rng, k, m).transpose(0, 1), b);
        Products.check(tiles, new Linear(), a, Tensors.randn(rng, n, k), Tensors.randn(rng, n));
        Products.check(tiles, new Linear.WeightGrad(), Tensors.randn(rng, k, n), Tensors.randn(rng, k, m));
    }

    @TestFactory
    Stream<DynamicTest> batchesBroadcastInAnyLayout() {
        return Products.shipped().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
            Tiles tiles = each.getValue();
            Tensor a = Tensors.randn(rng, 2, 1, 3, 5, 37);
            Tensor b = Tensors.randn(rng, 4, 1, 37, 18);
            Products.check(tiles, new MatMul(), a, b);
            Products.check(tiles, new MatMul(), a.transpose(0, 2), b);
            Products.check(tiles, new MatMul(), a.slice(4, 1, 37, 2).slice(3, 2, 5, 1), b.slice(2, 3, 21, 1));
            Products.check(tiles, new MatMul(), Tensors.randn(rng, 37), b);
            Products.check(tiles, new MatMul(), a, Tensors.randn(rng, 37));
            Products.check(tiles, new MatMul(), Tensors.randn(rng, 37).expand(6, 37), b);
            Products.check(tiles, new MatMul(), a, b.slice(0, 0, 1, 1).reshape(1, 1, 37, 18));
        }));
    }

    @Test
    void sumsAreCutIntoChunksOnlyWhereGroupsAreFew() {
        Tiles tiles = TuningDb.defaults("gpu").get(ShapeClass.SQUARE);
        assertThat(tiles.chunk(tiles.minGroups(), 100_000)).isEqualTo(100_000);
        assertThat(tiles.chunk(1, tiles.tileK())).isEqualTo(tiles.tileK());
        int chunk = tiles.chunk(1, 100_000);
        assertThat(chunk % tiles.tileK()).isZero();
        assertThat(Tiles.ceil(100_000, chunk)).isBetween(tiles.minGroups() / 2, tiles.minGroups());
        assertThat(tiles.chunk(1, 0)).isEqualTo(1);
    }

    @Test
    void devicesWithLittleLocalMemoryGetSmallTiles() {
        ClDevice real = ClRuntime.of(0).device();
        ClDevice poor = new ClDevice(0, real.platform(), real.id(), real.platformName(), real.name(), real.vendor(),
                real.version(), real.driver(), true, 1, real.globalMemory(), real.largestBuffer(), 8192, 16, false,
                false);
        assertThat(TuningDb.SMALL.fault()).isNull();
        assertThat(TuningDb.SMALL.refusal(poor)).isNull();
        for (ShapeClass shape : ShapeClass.values()) {
            assertThat(TuningDb.tiles(poor, shape)).isEqualTo(TuningDb.SMALL);
            assertThat(TuningDb.tiles(real, shape).refusal(real)).isNull();
        }
    }
}
