package org.bitgrid.bench;

/** The networks that are timed. */
enum Network {
    /** Two convolutions, as in the quickstart; 28x28 grey images. */
    QUICKSTART(128, 1, 28) {
        @Override
        <T> T run(Layers<T> layers, T images) {
            T x = layers.convolution("conv1", images, 1, 128, 3, 2, 1, true);
            x = layers.relu(layers.batchNorm("bn1", x, 128));
            x = layers.convolution("conv2", x, 128, 256, 3, 2, 1, true);
            x = layers.relu(layers.batchNorm("bn2", x, 256));
            return layers.softmax(layers.linear("linear", layers.flatten(x), 7 * 7 * 256, 10));
        }
    },
    /** ResNet-18 (He et al., 2015); 224x224 images. */
    RESNET18(8, 3, 224) {
        @Override
        <T> T run(Layers<T> layers, T images) {
            T x = layers.relu(layers.batchNorm("bn", layers.convolution("stem", images, 3, 64, 7, 2, 1, false), 64));
            x = layers.maxPool(x, 3, 2, 1);
            int inputs = 64;
            for (int stage = 0; stage < 4; stage++) {
                int outputs = 64 << stage;
                for (int block = 0; block < 2; block++) {
                    int stride = stage > 0 && block == 0 ? 2 : 1;
                    x = residual(layers, "stage" + stage + "." + block, x, inputs, outputs, stride);
                    inputs = outputs;
                }
            }
            return layers.linear("linear", layers.globalMean(x), 512, 1000);
        }

        private <T> T residual(Layers<T> layers, String name, T x, int inputs, int outputs, int stride) {
            T y = layers.convolution(name + ".conv1", x, inputs, outputs, 3, stride, 1, false);
            y = layers.relu(layers.batchNorm(name + ".bn1", y, outputs));
            y = layers.convolution(name + ".conv2", y, outputs, outputs, 3, 1, 1, false);
            y = layers.batchNorm(name + ".bn2", y, outputs);
            T shortcut = x;
            if (stride != 1 || inputs != outputs) {
                shortcut = layers.convolution(name + ".down", x, inputs, outputs, 1, stride, 1, false);
                shortcut = layers.batchNorm(name + ".bn3", shortcut, outputs);
            }
            return layers.relu(layers.add(y, shortcut));
        }
    },
    /** MobileNetV2 (Sandler et al., 2018); 224x224 images. */
    MOBILENET_V2(8, 3, 224) {
        /** Expansion, channels, repeats, stride of the first. */
        private static final int[][] STAGES = {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1},
            {6, 160, 3, 2}, {6, 320, 1, 1}};

        @Override
        <T> T run(Layers<T> layers, T images) {
            T x = layers.convolution("stem", images, 3, 32, 3, 2, 1, false);
            x = layers.relu6(layers.batchNorm("bn", x, 32));
            int inputs = 32;
            int count = 0;
            for (int[] stage : STAGES) {
                for (int repeat = 0; repeat < stage[2]; repeat++) {
                    x = inverted(layers, "block" + count++, x, inputs, stage[1], repeat == 0 ? stage[3] : 1, stage[0]);
                    inputs = stage[1];
                }
            }
            x = layers.relu6(layers.batchNorm("bn_last", layers.convolution("last", x, 320, 1280, 1, 1, 1, false), 1280));
            return layers.linear("linear", layers.globalMean(x), 1280, 1000);
        }

        private <T> T inverted(Layers<T> layers, String name, T x, int inputs, int outputs, int stride, int expansion) {
            int hidden = inputs * expansion;
            T y = x;
            if (expansion > 1) {
                y = layers.convolution(name + ".expand", y, inputs, hidden, 1, 1, 1, false);
                y = layers.relu6(layers.batchNorm(name + ".bn1", y, hidden));
            }
            y = layers.convolution(name + ".depthwise", y, hidden, hidden, 3, stride, hidden, false);
            y = layers.relu6(layers.batchNorm(name + ".bn2", y, hidden));
            y = layers.convolution(name + ".project", y, hidden, outputs, 1, 1, 1, false);
            y = layers.batchNorm(name + ".bn3", y, outputs);
            return stride == 1 && inputs == outputs ? layers.add(x, y) : y;
        }
    };

    private final int batch;
    private final int channels;
    private final int side;

    Network(int batch, int channels, int side) {
        this.batch = batch;
        this.channels = channels;
        this.side = side;
    }

    /** Shape of the images. */
    int[] images() {
        return new int[] {batch, channels, side, side};
    }

    /** Number of classes. */
    int classes() {
        return this == QUICKSTART ? 10 : 1000;
    }

    /** The network's outputs (N, classes). */
    abstract <T> T run(Layers<T> layers, T images);
}
