package org.bitgrid.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.testing.Fuzzer;
import org.bitgrid.testing.OpSample;
import org.bitgrid.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random chains of operators, shapes and strides against the reference. {@code -Dbitgrid.fuzz.chains=N} runs more of
 * them, {@code -Dbitgrid.seed=N} others.
 */
class ChainFuzzTest {
    private static final int CHAINS = Integer.getInteger("bitgrid.fuzz.chains", 10_000);

    @TempDir
    Path folder;

    @Test
    void chainsAgreeWithTheReference() {
        Fuzzer fuzzer = new Fuzzer();
        Rng rng = Seeds.rng("fuzz");
        for (int i = 0; i < CHAINS; i++) {
            fuzzer.chain("chain " + i, rng.fork(i));
        }
        System.out.println("fuzzed " + CHAINS + " chains of operators, " + fuzzer.steps() + " steps");
        assertThat(fuzzer.steps()).isGreaterThan(2L * CHAINS);
    }

    /** A fault put in on purpose is found, made small, and printed as a method that compiles. */
    @Test
    void faultsAreFoundAndMadeSmall() throws Exception {
        Fuzzer fuzzer = new Fuzzer((op, inputs) -> {
            Tensor[] outputs = OpSample.run(op, inputs);
            boolean faulty = op instanceof MatMul && !inputs[1].isContiguous() && inputs[1].rank() == 2
                    && inputs[1].size(0) >= 3;
            return faulty ? new Tensor[] {outputs[0].add(1.0)} : outputs;
        });
        Rng rng = Seeds.rng("planted fault");
        Throwable found = catchThrowable(() -> {
            for (int i = 0; i < 20_000; i++) {
                fuzzer.chain("chain " + i, rng.fork(i));
            }
        });
        assertThat(found).isInstanceOf(AssertionError.class).hasMessageContaining("-Dbitgrid.seed=" + Seeds.SEED)
                .hasMessageContaining("Fuzzer.check(new MatMul(), x0, x1)")
                .hasMessageContaining("Shape.of(3, ").hasMessageContaining("void matmulFoundByFuzzing() {");
        String message = found.getMessage();
        assertThat(message.substring(message.indexOf("Tensor x1"))).hasSizeLessThan(400);
        compile(message.substring(message.indexOf("    @Test")));
    }

    private void compile(String method) throws Exception {
        Path source = Files.writeString(folder.resolve("FoundTest.java"), """
                import java.util.List;
                import org.bitgrid.tensor.Shape;
                import org.bitgrid.tensor.Tensor;
                import org.bitgrid.tensor.op.*;
                import org.bitgrid.testing.Fuzzer;
                import org.bitgrid.testing.Strided;
                import org.junit.jupiter.api.Test;

                class FoundTest {
                """ + method + "}\n");
        StringWriter messages = new StringWriter();
        PrintWriter writer = new PrintWriter(messages);
        int code = ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, "-proc:none", "-cp",
                classPath(Op.class, Fuzzer.class, Test.class), "-d", folder.toString(), source.toString());
        assertThat(code).as(messages.toString()).isZero();
    }

    /** Where these classes were loaded from; the tests' launcher may not tell its class path otherwise. */
    private static String classPath(Class<?>... types) throws URISyntaxException {
        List<String> places = new ArrayList<>();
        for (Class<?> type : types) {
            places.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
        }
        return String.join(File.pathSeparator, places);
    }
}
