package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bitgrid.nn.optim.Adam;
import org.bitgrid.nn.optim.GradientClip;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorScope;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Small language models of characters learn more than how often each character occurs. */
class LanguageModelTest {
    private static final String[] SUBJECTS = {"the cat", "a dog", "my bird", "one fish"};
    private static final String[] VERBS = {"sees", "likes", "hears", "meets"};
    private static final int LENGTH = 24;
    private static final int BATCH = 8;

    /** Embedding, two LSTM layers, and a score for each character. */
    private static final class RecurrentModel extends Module {
        private final Embedding embedding;
        private final LSTM lstm;
        private final Linear head;

        RecurrentModel(int characters) {
            embedding = add("embedding", new Embedding(characters, 16));
            lstm = add("lstm", new LSTM(16, 32).layers(2).batchFirst(true));
            head = add("head", new Linear(32, characters));
        }

        @Override
        protected Tensor forward(Tensor text) {
            return head.call(lstm.run(embedding.call(text))[0]);
        }
    }

    /** Embeddings of characters and places, two transformer layers, and a score for each character. */
    private static final class AttentionModel extends Module {
        private final Embedding embedding;
        private final Embedding places;
        private final TransformerEncoder encoder;
        private final Linear head;

        AttentionModel(int characters) {
            embedding = add("embedding", new Embedding(characters, 32));
            places = add("places", new Embedding(LENGTH, 32));
            encoder = add("encoder", new TransformerEncoder(() -> new TransformerEncoderLayer(32, 4).hidden(64)
                    .dropout(0).batchFirst(true).normFirst(true).causal(true), 2, new LayerNorm(32)));
            head = add("head", new Linear(32, characters));
        }

        @Override
        protected Tensor forward(Tensor text) {
            Tensor x = embedding.call(text).add(places.call(Tensors.arange(LENGTH)));
            return head.call(encoder.call(x));
        }
    }

    private static String text(Rng rng) {
        StringBuilder text = new StringBuilder();
        while (text.length() < 4000) {
            text.append(SUBJECTS[rng.nextInt(4)]).append(' ').append(VERBS[rng.nextInt(4)]).append(' ')
                    .append(SUBJECTS[rng.nextInt(4)]).append(". ");
        }
        return text.toString();
    }

    @TestFactory
    Stream<DynamicTest> beatTheUnigramModel() {
        return Stream.of("two-layer LSTM", "small transformer").map(name -> DynamicTest.dynamicTest(name, () -> {
            Rng.setCurrent(new Rng(20));
            Rng rng = new Rng(21);
            String text = text(rng);
            List<Integer> alphabet = new ArrayList<>(text.chars().distinct().sorted().boxed().toList());
            long[] codes = text.chars().mapToLong(alphabet::indexOf).toArray();
            Module model = name.endsWith("LSTM") ? new RecurrentModel(alphabet.size())
                    : new AttentionModel(alphabet.size());
            double loss = train(model, codes, alphabet.size(), rng);
            double unigram = unigramEntropy(codes, alphabet.size());
            System.out.printf("%s: loss %.3f; entropy of single characters %.3f%n", name, loss, unigram);
            // Half of what knowing the frequencies alone can reach.
            assertThat(loss).isLessThan(unigram / 2);
        }));
    }

    /** Mean loss of the last 20 steps, each on passages drawn at random. */
    private static double train(Module model, long[] codes, int characters, Rng rng) {
        Adam optimizer = new Adam(model.parameters(), 5e-3);
        CrossEntropyLoss lossFunction = new CrossEntropyLoss();
        double last = 0;
        int steps = 200;
        for (int step = 0; step < steps; step++) {
            long[] inputs = new long[BATCH * LENGTH];
            long[] targets = new long[BATCH * LENGTH];
            for (int i = 0; i < BATCH; i++) {
                int start = rng.nextInt(codes.length - LENGTH - 1);
                System.arraycopy(codes, start, inputs, i * LENGTH, LENGTH);
                System.arraycopy(codes, start + 1, targets, i * LENGTH, LENGTH);
            }
            try (TensorScope scope = TensorScope.open()) {
                Tensor scores = model.call(Tensors.of(inputs, BATCH, LENGTH)).reshape(-1, characters);
                Tensor loss = lossFunction.call(scores, Tensors.of(targets, BATCH * LENGTH));
                loss.backward();
                GradientClip.byNorm(model.parameters(), 1);
                optimizer.step();
                optimizer.zeroGrad();
                last += step >= steps - 20 ? loss.item() / 20 : 0;
            }
        }
        return last;
    }

    /** What the best model loses that knows only how often each character occurs. */
    private static double unigramEntropy(long[] codes, int characters) {
        double[] counts = new double[characters];
        for (long code : codes) {
            counts[(int) code]++;
        }
        double entropy = 0;
        for (double count : counts) {
            entropy -= count / codes.length * Math.log(count / codes.length);
        }
        return entropy;
    }
}
