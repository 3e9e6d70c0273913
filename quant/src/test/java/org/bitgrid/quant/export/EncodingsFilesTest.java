package org.bitgrid.quant.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.Json;
import org.bitgrid.quant.encoding.AffineEncoding;
import org.bitgrid.quant.encoding.BlockGrouping;
import org.bitgrid.quant.encoding.FloatEncoding;
import org.bitgrid.quant.encoding.FloatFormat;
import org.bitgrid.quant.encoding.Grid;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EncodingsFilesTest {
    private static final QuantizerArguments ARGUMENTS = new QuantizerArguments(8, 4, "int", true, false,
            "post_training_tf_enhanced");

    private static EncodingsHeader header(EncodingsVersion version) {
        return new EncodingsHeader(version, List.of(), version.isOnnxStyle() ? Optional.empty()
                : Optional.of(ARGUMENTS), new EncodingsHeader.Producer("bitgrid", "0.1.0"));
    }

    /** Per tensor, per channel and per block; symmetric and not; signed and not; all widths that every version has. */
    private static List<NamedEncoding> random(Rng rng, boolean blocks) {
        List<NamedEncoding> all = new ArrayList<>();
        for (int bits : new int[] {2, 4, 8, 16, 32}) {
            for (boolean symmetric : new boolean[] {true, false}) {
                for (boolean signed : new boolean[] {true, false}) {
                    for (Shape shape : new Shape[] {Shape.SCALAR, Shape.of(1, 1), Shape.of(3, 1, 1, 1), Shape.of(1, 3),
                        Shape.of(3, 2)}) {
                        boolean blocked = shape.equals(Shape.of(3, 2));
                        if (!blocked || blocks) {
                            all.add(new NamedEncoding("t" + (100 + all.size()), FileEncoding.of(affine(rng,
                                    shape, bits, symmetric, signed, blocked ? List.of(1, 16) : List.of()))));
                        }
                    }
                }
            }
        }
        return all;
    }

    private static AffineEncoding affine(Rng rng, Shape shape, int bits, boolean symmetric, boolean signed,
                                         List<Integer> blocks) {
        int count = (int) shape.numel();
        float[] scale = new float[count];
        float[] offset = new float[count];
        Grid grid = Grid.ofBits(bits, signed);
        for (int i = 0; i < count; i++) {
            scale[i] = Math.scalb(rng.nextFloat() + 1e-6f, rng.nextInt(60) - 40);
            offset[i] = symmetric ? signed ? 0 : -(1L << bits - 1) : -grid.qmin() - (bits > 20 ? 1 << 20
                    : rng.nextInt((int) grid.steps()));
        }
        return new AffineEncoding(shape, scale, offset, grid, symmetric, blocks, 0);
    }

    @TestFactory
    Stream<DynamicTest> whatIsWrittenIsRead() {
        return Stream.of(EncodingsVersion.values()).map(version -> DynamicTest.dynamicTest(version.toString(), () -> {
            List<NamedEncoding> activations = random(new Rng(1), false);
            List<NamedEncoding> parameters = random(new Rng(2), true).stream()
                    .map(named -> new NamedEncoding("p." + named.name(), named.encoding())).toList();
            TensorEncodings written = new TensorEncodings(header(version), activations, parameters);
            TensorEncodings read = TensorEncodings.of(Json.parse(written.toText()));
            assertThat(read.header()).isEqualTo(written.header());
            assertThat(read.all()).hasSameSizeAs(written.all());
            for (int i = 0; i < read.all().size(); i++) {
                NamedEncoding back = read.all().get(i);
                NamedEncoding expected = written.all().get(i);
                assertThat(back.name()).isEqualTo(expected.name());
                assertThat(back.encoding().sameNumbers(expected.encoding())).as(back.name()).isTrue();
                if (version.isOnnxStyle()) {
                    assertThat(back.encoding().signed()).isEqualTo(expected.encoding().signed());
                    assertThat(back.encoding().axis()).isEqualTo(expected.encoding().axis());
                    assertThat(back.encoding().shape()).isEqualTo(expected.encoding().shape());
                } else {
                    assertThat(back.encoding().symmetric()).isEqualTo(expected.encoding().symmetric());
                }
            }
        }));
    }

    private static FileEncoding grouped() {
        List<Integer> integers = List.of(3, 16, 11, 9, 16, 16);
        List<Float> groups = List.of(0.001f, 0.002f, 0.003f);
        float[] scale = new float[6];
        for (int i = 0; i < 6; i++) {
            scale[i] = integers.get(i) * groups.get(i / 2);
        }
        return FileEncoding.of(new AffineEncoding(Shape.of(3, 2), scale, new float[6], Grid.ofBits(4, true), true,
                List.of(1, 32), 0).withGrouping(new BlockGrouping(8, List.of(1, -1), Shape.of(3, 1), groups,
                        integers)));
    }

    /** Scales of blocks as multiples of one scale for each channel, in the terms of every version. */
    @Test
    void groupedBlocks() {
        NamedEncoding weight = new NamedEncoding("weight", grouped());
        assertThat(text(EncodingsVersion.V1_0_0, weight)).contains("\"bw\": 8", "\"compressed_bw\": 4",
                "\"enc_type\": \"LPBQ\"", "\"block_size\": 32");
        assertThat(compact(EncodingsVersion.V1_0_0, weight)).contains("\"offset\":[-128,-128,-128]",
                "\"per_block_int_scale\":[3,16,11,9,16,16]", "\"scale\":[0.001,0.002,0.003]");
        assertThat(compact(EncodingsVersion.V2_0_0, weight)).contains(
                "{\"axis\":1,\"block_size\":32,\"name\":\"weight\",\"output_dtype\":\"int4\","
                        + "\"per_block_int_scale\":[[3,16],[11,9],[16,16]],"
                        + "\"per_channel_float_scale\":[0.001,0.002,0.003]}");
        assertThat(compact(EncodingsVersion.V2_1_0, weight)).contains(
                "{\"axis\":1,\"block_size\":32,\"name\":\"weight\",\"output_dtype\":\"int4\",\"y_scale\":"
                        + "{\"axis\":0,\"x\":[[3,16],[11,9],[16,16]],\"x_scale\":[0.001,0.002,0.003]}}");
        for (EncodingsVersion version : EncodingsVersion.values()) {
            FileEncoding back = TensorEncodings.of(Json.parse(text(version, weight))).all().get(0).encoding();
            assertThat(back.sameNumbers(weight.encoding())).isTrue();
            if (version.compareTo(EncodingsVersion.V1_0_0) >= 0) {
                assertThat(back.grouping().integerScale()).isEqualTo(weight.encoding().grouping().integerScale());
                assertThat(back.grouping().groupScale()).isEqualTo(weight.encoding().grouping().groupScale());
                assertThat(back.grouping().decompressedBitwidth()).isEqualTo(8);
            }
        }
    }

    private static String text(EncodingsVersion version, NamedEncoding parameter) {
        return new TensorEncodings(header(version), List.of(), List.of(parameter)).toText();
    }

    private static String compact(EncodingsVersion version, NamedEncoding parameter) {
        return text(version, parameter).replaceAll("[ \n]+", "");
    }

    /** The examples of the format's reference. */
    @Test
    void examplesOfTheReference() {
        TensorEncodings read = TensorEncodings.of(Json.parse("""
                {"version": "2.1.0", "encodings": [
                  {"name": "activation", "y_scale": 0.01, "y_zero_point": 41, "output_dtype": "uint8"},
                  {"name": "blocks", "y_scale": {"x": [[3, 5], [11, 9], [7, 16]], "x_scale": [0.001, 0.002, 0.003],
                    "axis": 0}, "axis": 1, "block_size": 32, "output_dtype": "int4"},
                  {"name": "nvfp4", "y_scale": {"x": [[0.5, 448.0]], "x_scale": 0.25, "input_dtype": "float8e4m3fn"},
                    "axis": 1, "block_size": 16, "output_dtype": "float4e2m1"},
                  {"name": "shifted", "y_scale": 0.5, "y_zero_point": -0.5, "output_dtype": "int2"}]}"""));
        FileEncoding activation = read.all().get(0).encoding();
        assertThat(activation.lowest()).containsExactly(-41L);
        assertThat(activation.scale()).containsExactly(0.01f);
        FileEncoding blocks = read.all().get(1).encoding();
        assertThat(blocks.shape()).isEqualTo(Shape.of(3, 2));
        assertThat(blocks.scale()).containsExactly(3 * 0.001f, 5 * 0.001f, 11 * 0.002f, 9 * 0.002f, 7 * 0.003f,
                16 * 0.003f);
        assertThat(blocks.grouping().decompressedBitwidth()).isEqualTo(8);
        FileEncoding nvfp4 = read.all().get(2).encoding();
        assertThat(nvfp4.format()).isEqualTo(FloatFormat.FLOAT4_E2M1FN);
        assertThat(nvfp4.scale()).containsExactly(0.125f, 112f);
        assertThat(read.all().get(3).encoding().zeroPointShift()).isEqualTo(0.5);
        assertThat(read.all().get(3).encoding().lowest()).containsExactly(-2L);
    }

    @Test
    void gridsWithoutZeroComeBack() {
        NamedEncoding weight = new NamedEncoding("weight", FileEncoding.of(new AffineEncoding(Shape.of(2, 1),
                new float[] {0.5f, 0.3f}, new float[2], Grid.ofBits(2, true), true, List.of(), 0.5)));
        for (EncodingsVersion version : EncodingsVersion.values()) {
            FileEncoding back = TensorEncodings.of(Json.parse(text(version, weight))).all().get(0).encoding();
            assertThat(back.sameNumbers(weight.encoding())).as(version.toString()).isTrue();
        }
    }

    @Test
    void floatingPoint() {
        NamedEncoding half = new NamedEncoding("x", FileEncoding.of(new FloatEncoding(FloatFormat.FLOAT16, Shape.SCALAR,
                new float[] {1}, List.of())));
        assertThat(compact(EncodingsVersion.V0_6_1, half)).contains("\"x\":[{\"bitwidth\":16,\"dtype\":\"float\"}]");
        assertThat(compact(EncodingsVersion.V1_0_0, half))
                .contains("{\"bw\":16,\"dtype\":\"FLOAT\",\"enc_type\":\"PER_TENSOR\",\"name\":\"x\"}");
        assertThat(compact(EncodingsVersion.V2_0_0, half))
                .contains("{\"name\":\"x\",\"output_dtype\":\"float16\",\"y_scale\":1.0}");
        NamedEncoding odd = new NamedEncoding("x", FileEncoding.of(new FloatEncoding(FloatFormat.of(3, 4), Shape.SCALAR,
                new float[] {1}, List.of())));
        assertThatThrownBy(() -> text(EncodingsVersion.V2_0_0, odd)).isInstanceOf(FormatException.class)
                .hasMessageStartingWith("encodings: version 2 has no name for this floating-point format; got "
                        + "exponent_bits=3, mantissa_bits=4");
        NamedEncoding sixBits = new NamedEncoding("x", FileEncoding.perTensor(6, false, false, 0.1f, -3));
        assertThatThrownBy(() -> text(EncodingsVersion.V2_1_0, sixBits)).isInstanceOf(FormatException.class)
                .hasMessage("encodings: version 2 has no integers of this many bits; got 6 for x; expected 2, 4, 8, 16 "
                        + "or 32; use version 1.0.0");
    }

    @Test
    void keysAreSortedAndNumbersAsShortAsTheyCanBe() {
        NamedEncoding x = new NamedEncoding("x", FileEncoding.perTensor(8, false, false, 1 / 255f, 0));
        assertThat(new TensorEncodings(header(EncodingsVersion.V0_6_1), List.of(x), List.of()).toText()).isEqualTo("""
                {
                    "activation_encodings": {
                        "x": [
                            {
                                "bitwidth": 8,
                                "dtype": "int",
                                "is_symmetric": "False",
                                "max": 1.0,
                                "min": 0.0,
                                "offset": 0,
                                "scale": 0.003921569
                            }
                        ]
                    },
                    "excluded_layers": [],
                    "param_encodings": {},
                    "producer": {
                        "package": "bitgrid",
                        "version": "0.1.0"
                    },
                    "quantizer_args": {
                        "activation_bitwidth": 8,
                        "dtype": "int",
                        "is_symmetric": true,
                        "param_bitwidth": 4,
                        "per_channel_quantization": false,
                        "quant_scheme": "post_training_tf_enhanced"
                    },
                    "version": "0.6.1"
                }""");
    }

    @Test
    void parametersAloneAreAFileToo() {
        ModuleEncodings read = ModuleEncodings.of(Json.parse("""
                {"fc.weight": [{"bitwidth": 8, "dtype": "int", "is_symmetric": "True", "max": 1.27, "min": -1.28,
                  "offset": -128, "scale": 0.01}]}"""));
        assertThat(read.activations()).isEmpty();
        assertThat(read.parameters()).extracting(NamedEncoding::name).containsExactly("fc.weight");
        assertThat(read.header().version()).isEqualTo(EncodingsVersion.V0_6_1);
    }
}
