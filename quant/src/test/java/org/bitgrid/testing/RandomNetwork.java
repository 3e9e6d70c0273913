package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.BatchNorm1d;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.BatchNormBase;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.ConvTranspose2d;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sigmoid;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * A network of random layers and functions on images (N, 4, 6, 6), with branches, modules called again and blocks of
 * blocks; what it is follows from its seed alone.
 */
public final class RandomNetwork extends Module {
    private static final int CHANNELS = 4;
    private static final int SIZE = 6;

    private final List<Step> steps = new ArrayList<>();
    private final StringBuilder description = new StringBuilder();

    /** One layer or function; {@code earlier} has all values so far, its last one the newest. */
    private interface Step {
        Tensor run(List<Tensor> earlier);
    }

    /** A network with so many steps. */
    public RandomNetwork(long seed, int length) {
        Rng rng = new Rng(seed);
        ReLU shared = add("shared", new ReLU());
        for (int i = 0; i < length; i++) {
            addStep(i, rng, shared);
        }
        Linear head = add("head", new Linear(CHANNELS, 5));
        BatchNorm1d norm = add("head_norm", new BatchNorm1d(5));
        steps.add(all -> norm.call(head.call(newest(all).mean(List.of(2, 3), false).view(newest(all).size(0), -1))));
        randomise(rng);
        eval();
    }

    /** Shape of one image. */
    public static Tensor input(long seed, int batch) {
        return Tensors.randn(new Rng(seed), batch, CHANNELS, SIZE, SIZE);
    }

    private static Tensor newest(List<Tensor> all) {
        return all.get(all.size() - 1);
    }

    private void addStep(int index, Rng rng, ReLU shared) {
        int kind = rng.nextInt(14);
        int other = rng.nextInt(index + 1);
        description.append(kind).append(kind >= 7 && kind <= 9 ? "(" + other + ") " : " ");
        String name = "layer" + index;
        switch (kind) {
            case 0 -> layer(name, new Conv2d(CHANNELS, CHANNELS, 3).padding(1).bias(rng.nextInt(2) == 0));
            case 1 -> layer(name, new Conv2d(CHANNELS, CHANNELS, 1).groups(rng.nextInt(2) == 0 ? 1 : CHANNELS));
            case 2 -> layer(name, new ConvTranspose2d(CHANNELS, CHANNELS, 3).padding(1));
            case 3, 4 -> layer(name, new BatchNorm2d(CHANNELS));
            case 5 -> layer(name, rng.nextInt(2) == 0 ? new ReLU() : new Sigmoid());
            case 6 -> steps.add(all -> shared.call(newest(all)));
            case 7 -> steps.add(all -> newest(all).add(all.get(other)));
            case 8 -> steps.add(all -> F.cat(List.of(newest(all), all.get(other)), 1).slice(1, 2, 2 + CHANNELS));
            case 9 -> steps.add(all -> newest(all).mul(all.get(other)).sub(0.25));
            case 10 -> steps.add(all -> F.relu(newest(all)));
            case 11 -> steps.add(all -> F.maxPool2d(newest(all), 3, 1, 1));
            case 12 -> steps.add(all -> F.softmax(newest(all).view(newest(all).size(0), CHANNELS, -1), -1)
                    .view(newest(all).size(0), CHANNELS, SIZE, SIZE));
            default -> {
                RandomBlock block = add(name, new RandomBlock(rng));
                steps.add(all -> block.call(newest(all)));
            }
        }
    }

    private void layer(String name, Module layer) {
        Module added = add(name, layer);
        steps.add(all -> added.call(newest(all)));
    }

    /** Statistics and weights of batch norms that are neither 0 nor 1. */
    private void randomise(Rng rng) {
        for (Module module : modules()) {
            if (module instanceof BatchNormBase<?> norm) {
                norm.runningMean().set(Tensors.randn(rng, norm.features()));
                norm.runningVar().set(Tensors.rand(rng, norm.features()).add(0.5));
                norm.weight().set(Tensors.randn(rng, norm.features()));
                norm.bias().set(Tensors.randn(rng, norm.features()));
            }
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        List<Tensor> values = new ArrayList<>(List.of(x));
        for (Step step : steps) {
            values.add(step.run(values));
        }
        return newest(values);
    }

    /** The kinds of its steps. */
    public String description() {
        return description.toString();
    }

    /** Convolution, norm and a function in a module of their own. */
    private static final class RandomBlock extends Module {
        private final Conv2d conv;
        private final BatchNorm2d norm;

        RandomBlock(Rng rng) {
            conv = add("conv", new Conv2d(CHANNELS, CHANNELS, 3).padding(1).bias(rng.nextInt(2) == 0));
            norm = add("norm", new BatchNorm2d(CHANNELS));
        }

        @Override
        protected Tensor forward(Tensor x) {
            return F.relu(norm.call(conv.call(x)).add(x));
        }
    }
}
