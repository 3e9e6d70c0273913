package org.bitgrid.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

class TransformsTest {
    private static final Tensor IMAGE = Tensors.arange(12).reshape(1, 3, 4);

    private static float[] row(Tensor tensor) {
        return tensor.toFloatArray();
    }

    @Test
    void normalizesByChannel() {
        Tensor two = Tensors.of(new float[] {1, 2, 3, 4}, 2, 1, 2);
        assertThat(row(Transforms.normalize(new double[] {1, 2}, new double[] {2, 4}).apply(two, new Rng(0))))
                .containsExactly(0, 0.5f, 0.25f, 0.5f);
        assertThatThrownBy(() -> Transforms.normalize(new double[] {1}, new double[] {0})).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Transforms.normalize(new double[] {1}, new double[] {1}).apply(two, new Rng(0)))
                .isInstanceOf(ShapeException.class).hasMessageContaining("2 channels");
    }

    @Test
    void flips() {
        assertThat(row(Transforms.randomHorizontalFlip(1).apply(IMAGE, new Rng(0))))
                .containsExactly(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8);
        assertThat(row(Transforms.randomVerticalFlip(1).apply(IMAGE, new Rng(0))))
                .containsExactly(8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
        assertThat(row(Transforms.randomVerticalFlip(0).apply(IMAGE, new Rng(0)))).isEqualTo(row(IMAGE));
    }

    @Test
    void rotatesByQuartersExactlyAndBringsInZeros() {
        Tensor square = Tensors.arange(9).reshape(1, 3, 3);
        assertThat(row(Transforms.rotate(square, 90))).containsExactly(2, 5, 8, 1, 4, 7, 0, 3, 6);
        assertThat(row(Transforms.rotate(square, 180))).containsExactly(8, 7, 6, 5, 4, 3, 2, 1, 0);
        assertThat(row(Transforms.rotate(square, 0))).isEqualTo(row(square));
        assertThat(row(Transforms.rotate(Tensors.ones(1, 1, 5), 90))).containsExactly(0, 0, 1, 0, 0);
    }

    @Test
    void cropsCoverAllPlacesAndCutsOutOneSquare() {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Tensor crop = Transforms.randomCrop(3, 1).apply(IMAGE, new Rng(i));
            assertThat(crop.spec().shape().toArray()).containsExactly(1, 3, 3);
            places.add(Arrays.toString(row(crop)));
            float[] cut = row(Transforms.cutout(2).apply(Tensors.ones(1, 6, 6), new Rng(i)));
            int black = 0;
            for (float pixel : cut) {
                black += pixel == 0 ? 1 : 0;
            }
            assertThat(black).isIn(1, 2, 4);
        }
        assertThat(places.stream().distinct().count()).isEqualTo(3 * 4);
        assertThatThrownBy(() -> Transforms.randomCrop(9, 0).apply(IMAGE, new Rng(1))).isInstanceOf(ShapeException.class)
                .hasMessageContaining("does not fit");
    }

    @Test
    void everySampleHasItsOwnGeneratorWhateverTheBatch() {
        Tensor images = Tensors.rand(new Rng(3), 10, 1, 8, 8);
        Dataset plain = new TensorDataset(images, Tensors.of(new long[10], 10));
        Transform transform = Transforms.randomCrop(8, 2).then(Transforms.randomHorizontalFlip(0.5))
                .then(Transforms.randomRotation(20)).then(Transforms.cutout(3));
        Dataset random = new TransformedDataset(plain, transform, 5);
        float[] alone = row(random.batch(7).inputs());
        float[] together = row(random.batch(1, 7, 2).inputs().slice(0, 1, 2, 1));
        assertThat(together).isEqualTo(alone);
        assertThat(row(random.atEpoch(1).batch(7).inputs())).isNotEqualTo(alone);

        List<float[]> epochs = new ArrayList<>();
        for (int prefetch : new int[] {0, 3}) {
            DataLoader loader = new DataLoader(random.limit(9), 4).shuffle(1).prefetch(prefetch);
            for (int epoch = 0; epoch < 2; epoch++) {
                for (Batch batch : loader) {
                    epochs.add(row(batch.inputs()));
                }
            }
        }
        int half = epochs.size() / 2;
        for (int i = 0; i < half; i++) {
            assertThat(epochs.get(i)).isEqualTo(epochs.get(half + i));
        }
        assertThat(epochs.get(0)).isNotEqualTo(epochs.get(half / 2));
    }
}
