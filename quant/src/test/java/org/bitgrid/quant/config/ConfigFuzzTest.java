package org.bitgrid.quant.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.Json;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Thousands of damaged configurations: each is read, or refused with one line that says where and what. */
class ConfigFuzzTest {
    private static final long SEED = Long.getLong("bitgrid.seed", 20240507);
    private static final String ALPHABET = "{}[]\",:.0123456789eE+-TrueFalsnl \n\t_aiou\\\u00e9";

    private int read;
    private int refused;

    private static List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String alias : QuantSimConfig.ALIASES) {
            try (InputStream in = QuantSimConfig.class.getResourceAsStream(alias + ".json")) {
                texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    private void tryReading(String text, String what) {
        try {
            assertThat(QuantSimConfig.parse(text, "my.json").source()).isEqualTo("my.json");
            read++;
        } catch (FormatException refusal) {
            refused++;
            assertThat(refusal.getMessage()).as(what).contains("my.json").doesNotContain("\nnull");
            assertThat(refusal.getMessage().length()).as(what).isLessThan(2000);
        } // anything else fails the test
    }

    @Test
    void truncated() throws IOException {
        for (String text : texts()) {
            String trimmed = text.strip();
            for (int length = 0; length < trimmed.length(); length++) {
                tryReading(trimmed.substring(0, length), "the first " + length + " characters");
            }
        }
        assertThat(read).isZero();
        assertThat(refused).isGreaterThan(5000);
    }

    @Test
    void characters() throws IOException {
        Rng rng = new Rng(SEED);
        List<String> texts = texts();
        for (int round = 0; round < 4000; round++) {
            StringBuilder text = new StringBuilder(texts.get(rng.nextInt(texts.size())));
            int changes = 1 + rng.nextInt(4);
            for (int i = 0; i < changes; i++) {
                int place = rng.nextInt(text.length());
                char character = ALPHABET.charAt(rng.nextInt(ALPHABET.length()));
                switch (rng.nextInt(3)) {
                    case 0 -> text.setCharAt(place, character);
                    case 1 -> text.insert(place, character);
                    default -> text.deleteCharAt(place);
                }
            }
            tryReading(text.toString(), "seed " + SEED + ", round " + round);
        }
        System.out.println("damaged configurations: " + read + " read, " + refused + " refused");
        assertThat(refused).isGreaterThan(1000);
    }

    /** Values of the JSON replaced by others of any kind, so that the text stays JSON. */
    @Test
    void values() throws IOException {
        Rng rng = new Rng(SEED + 1);
        List<String> values = List.of("\"True\"", "\"False\"", "true", "null", "-1e400", "12345678901234567890", "[]",
                "{}", "[[[[]]]]", "\"\"", "\"Conv\"", "{\"is_quantized\": \"True\"}", "0.5", "\"\\u0000\"");
        List<String> texts = texts();
        for (int round = 0; round < 3000; round++) {
            String text = texts.get(rng.nextInt(texts.size()));
            List<int[]> strings = new ArrayList<>();
            for (int i = text.indexOf('"'); i >= 0; ) {
                int end = text.indexOf('"', i + 1);
                strings.add(new int[] {i, end + 1});
                i = text.indexOf('"', end + 1);
            }
            int[] span = strings.get(rng.nextInt(strings.size()));
            tryReading(text.substring(0, span[0]) + values.get(rng.nextInt(values.size())) + text.substring(span[1]),
                    "seed " + (SEED + 1) + ", round " + round);
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void randomBytes() {
        Rng rng = new Rng(SEED + 2);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = new byte[rng.nextInt(200)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) rng.nextInt(256);
            }
            try {
                QuantSimConfig.parse(Json.parse(bytes, "my.json"), "my.json");
            } catch (FormatException refusal) {
                refused++;
            }
        }
        assertThat(refused).isEqualTo(2000);
    }

    @Test
    void aSimulationStaysAsItIs() throws IOException {
        Tensor sample = Tensors.rand(new Rng(1), 2, 4);
        Sequential network = new Sequential(new Linear(4, 3), new ReLU());
        QuantizationSimModel sim = new QuantizationSimModel(ModelPreparer.prepareModel(network, sample), sample,
                QuantSimOptions.defaults());
        String before = sim.explain() + sim;
        QuantSimOptions options = sim.options();
        for (String text : texts()) {
            try {
                options.config(QuantSimConfig.parse(text.substring(0, text.length() / 2), "my.json"));
            } catch (BitgridException refusal) {
                refused++;
            }
        }
        assertThat(refused).isEqualTo(QuantSimConfig.ALIASES.size());
        assertThat(sim.options()).isEqualTo(options);
        assertThat(sim.explain() + sim).isEqualTo(before);
    }
}
