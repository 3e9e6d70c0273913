package org.bitgrid.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.bitgrid.quant.encoding.RangeToScale;
import org.bitgrid.quant.observe.PercentileAnalyzer;
import org.bitgrid.quant.quantizer.QuantizeDequantize;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.FakeQuantize;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Quantize;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Quantizers on a device: the same bits as on the CPU, and no wait of the host in a training step. */
class ClQuantTest {
    private static final int COUNT = 1 << 20;
    private static final float SCALE = 0.037f;

    @BeforeAll
    static void begin() {
        OnDevice.assumeThereIsOne();
    }

    /** Numbers of all sizes, neighbours of ties, and special ones. */
    private static Tensor values() {
        Random random = new Random(7);
        float[] x = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            float tie = (random.nextInt(600) - 300 + 0.5f) * SCALE;
            x[i] = switch (i % 4) {
                case 0 -> (float) random.nextGaussian() * 3;
                case 1 -> Float.intBitsToFloat(random.nextInt());
                case 2 -> Float.intBitsToFloat(Float.floatToIntBits(tie) + random.nextInt(3) - 1);
                default -> tie;
            };
        }
        float[] special = {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE,
            -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, -0.4f * SCALE};
        System.arraycopy(special, 0, x, 0, special.length);
        return Tensors.of(x, 4, COUNT / 4);
    }

    private static int[] bits(Tensor tensor) {
        float[] values = OnDevice.back(tensor).toFloatArray();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }

    private static void same(Op op, int outputs, Tensor... inputs) {
        Tensor[] expected = Dispatch.applyAll(op, inputs);
        Tensor[] got = Dispatch.applyAll(op, OnDevice.move(inputs));
        for (int i = 0; i < outputs; i++) {
            assertThat(bits(got[i])).as("%s, output %d", op, i).isEqualTo(bits(expected[i]));
        }
    }

    @Test
    void should_give_the_bits_of_the_cpu_for_every_value() {
        Tensor x = values();
        Tensor grad = Tensors.ones(4, COUNT / 4);
        for (Tensor[] range : List.of(new Tensor[] {Tensors.of(new float[] {SCALE}, 1), Tensors.of(new float[] {-9}, 1)},
                new Tensor[] {Tensors.of(new float[] {SCALE, 0.011f, 1e-7f, 3e5f}, 4, 1),
                    Tensors.of(new float[] {0, -3, 8, -15}, 4, 1)})) {
            for (long[] grid : new long[][] {{-8, 7}, {0, 255}, {-32768, 32767}}) {
                for (boolean reciprocal : new boolean[] {false, true}) {
                    same(new FakeQuantize(grid[0], grid[1], 0, reciprocal), 1, x, range[0], range[1]);
                    same(new FakeQuantize.InputGrad(grid[0], grid[1], 0, reciprocal), 1, grad, x, range[0], range[1]);
                }
                same(new FakeQuantize(grid[0], grid[1], 0.5, false), 1, x, range[0], range[1]);
                same(new FakeQuantize.Grad(grid[0], grid[1], 0, false), 1, grad, x, range[0], range[1]);
                same(new Quantize(grid[0], grid[1]), 1, x, range[0], range[1]);
                same(new Quantize.Grad(grid[0], grid[1]), 1, grad, x, range[0], range[1]);
            }
        }
    }

    @Test
    void should_compute_scales_of_ranges_and_their_gradients_as_the_cpu_does() {
        Random random = new Random(3);
        int count = 1 << 16;
        float[][] numbers = new float[4][count];
        for (float[] each : numbers) {
            for (int i = 0; i < count; i++) {
                each[i] = (float) random.nextGaussian() * (float) Math.pow(10, random.nextInt(12) - 8);
            }
        }
        numbers[0][0] = numbers[1][0]; // no width
        numbers[0][1] = 0;
        numbers[1][1] = 0;
        numbers[0][2] = Float.NaN;
        numbers[1][3] = Float.POSITIVE_INFINITY;
        Tensor min = Tensors.of(numbers[0], count);
        Tensor max = Tensors.of(numbers[1], count);
        for (boolean symmetric : new boolean[] {false, true}) {
            same(new RangeToScale(-8, 7, symmetric), 2, min, max);
            same(new RangeToScale(0, 255, symmetric), 2, min, max);
            same(new RangeToScale.Grad(0, 255, symmetric), 2, Tensors.of(numbers[2], count),
                    Tensors.of(numbers[3], count), min, max);
        }
    }

    @Test
    void should_not_wait_in_a_step_with_a_learned_range() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), 8, false);
        quantizer.setRange(-1, 2);
        QuantizeDequantize here = quantizer.copy();
        quantizer.to(OnDevice.DEVICE);
        Tensor x = Tensors.of(new float[] {-3, -0.31f, 0.2f, 1.7f, 5}, 5);
        Tensor moved = x.to(OnDevice.DEVICE);
        long before = ClRuntime.of(0).waits();
        Tensor y = quantizer.call(moved);
        y.sum().backward();
        assertThat(ClRuntime.of(0).waits()).isEqualTo(before);
        Tensor expected = here.call(x);
        expected.sum().backward();
        assertThat(bits(y)).isEqualTo(bits(expected));
        for (int i = 0; i < 2; i++) {
            assertThat(bits(quantizer.rangeParameters().get(i).grad()))
                    .isEqualTo(bits(here.rangeParameters().get(i).grad()));
        }
        assertThat(quantizer.encoding()).isEqualTo(here.encoding());
    }

    @Test
    void should_not_wait_when_a_range_that_does_not_learn_is_used_again() {
        QuantizeDequantize quantizer = new QuantizeDequantize(Shape.of(1), 4, true);
        quantizer.setRange(-1, 1);
        quantizer.requiresGrad(false).to(OnDevice.DEVICE);
        Tensor x = Tensors.of(new float[] {-3, 0.2f}, 2).to(OnDevice.DEVICE);
        quantizer.call(x);
        long before = ClRuntime.of(0).waits();
        quantizer.call(x);
        assertThat(ClRuntime.of(0).waits()).isEqualTo(before);
    }

    @Test
    void should_stay_without_a_range_when_moved_and_calibrate_there_as_on_the_cpu() {
        Tensor x = Tensors.randn(new Rng(5), 4, 1000);
        for (boolean percentile : new boolean[] {false, true}) {
            QuantizeDequantize here = new QuantizeDequantize(Shape.of(4, 1), 8, false,
                    percentile ? new PercentileAnalyzer(Shape.of(4, 1), List.of(), 99, 2048) : null, List.of());
            QuantizeDequantize there = here.copy();
            there.to(OnDevice.DEVICE);
            assertThat(there.isInitialized()).isFalse();
            here.computeEncodings(() -> here.call(x));
            there.computeEncodings(() -> there.call(x.to(OnDevice.DEVICE)));
            assertThat(there.minimum().device()).isEqualTo(OnDevice.DEVICE);
            assertThat(there.encoding()).isEqualTo(here.encoding());
        }
    }
}
