package org.bitgrid.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.bitgrid.nn.data.Batch;
import org.bitgrid.nn.data.Dataset;
import org.junit.jupiter.api.Test;

class SyntheticImagesTest {
    private static final int PIXELS = 28 * 28;

    private static float[] pixels(Dataset dataset) {
        try (Batch all = dataset.all()) {
            return all.inputs().toFloatArray();
        }
    }

    private static long[] labels(Dataset dataset) {
        try (Batch all = dataset.all()) {
            return all.targets().toLongArray();
        }
    }

    @Test
    void theSameSeedDrawsTheSameAndASmallerSetIsTheBeginning() {
        ImageData large = SyntheticImages.draw(3, 60, 20);
        ImageData small = SyntheticImages.draw(3, 40, 20);
        assertThat(pixels(small.train())).isEqualTo(pixels(large.train().limit(40)));
        assertThat(labels(small.train())).isEqualTo(labels(large.train().limit(40)));
        assertThat(pixels(small.test())).isEqualTo(pixels(large.test()));
        assertThat(pixels(SyntheticImages.draw(4, 40, 20).train())).isNotEqualTo(pixels(small.train()));
        assertThat(pixels(small.train().limit(20))).isNotEqualTo(pixels(small.test()));
    }

    @Test
    void thereAreTenClassesThatCanBeToldApartButNotTrivially() {
        ImageData data = SyntheticImages.draw(1, 2000, 500);
        float[] train = pixels(data.train());
        long[] trainLabels = labels(data.train());
        double[][] mean = new double[10][PIXELS];
        int[] count = new int[10];
        for (int i = 0; i < trainLabels.length; i++) {
            count[(int) trainLabels[i]]++;
            for (int p = 0; p < PIXELS; p++) {
                mean[(int) trainLabels[i]][p] += train[i * PIXELS + p];
            }
        }
        assertThat(java.util.Arrays.stream(count).boxed()).allMatch(each -> each > 100);
        float[] test = pixels(data.test());
        long[] testLabels = labels(data.test());
        int correct = 0;
        for (int i = 0; i < testLabels.length; i++) {
            int best = 0;
            double bestDistance = Double.POSITIVE_INFINITY;
            for (int c = 0; c < 10; c++) {
                double distance = 0;
                for (int p = 0; p < PIXELS; p++) {
                    double difference = test[i * PIXELS + p] - mean[c][p] / count[c];
                    distance += difference * difference;
                }
                if (distance < bestDistance) {
                    bestDistance = distance;
                    best = c;
                }
            }
            correct += best == testLabels[i] ? 1 : 0;
        }
        // The nearest mean picture: far above the 10 % of guessing, and with room left to learn.
        assertThat(correct / 5.0).isBetween(50.0, 95.0);
    }
}
