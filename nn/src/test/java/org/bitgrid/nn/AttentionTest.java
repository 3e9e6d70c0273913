package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bitgrid.autograd.GradCheck;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private static Tensor random(long seed, int... dims) {
        Rng rng = new Rng(seed);
        double[] values = new double[(int) Shape.of(dims).numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * rng.nextDouble() - 1;
        }
        return Tensors.of(values, dims);
    }

    private static void close(Tensor actual, double[] expected, double tolerance) {
        assertThat(actual.toDoubleArray()).hasSize(expected.length).containsExactly(expected, within(tolerance));
    }

    /** One query row at a time. {@code sees[i][j]} says whether row i looks at column j. */
    private static double[] naive(double[][] q, double[][] k, double[][] v, boolean[][] sees) {
        double[] out = new double[q.length * v[0].length];
        for (int i = 0; i < q.length; i++) {
            double[] weight = new double[k.length];
            double sum = 0;
            for (int j = 0; j < k.length; j++) {
                double score = 0;
                for (int e = 0; e < q[i].length; e++) {
                    score += q[i][e] * k[j][e];
                }
                weight[j] = sees[i][j] ? StrictMath.exp(score / Math.sqrt(q[i].length)) : 0;
                sum += weight[j];
            }
            for (int j = 0; j < k.length; j++) {
                for (int e = 0; e < v[j].length; e++) {
                    out[i * v[0].length + e] += weight[j] / sum * v[j][e];
                }
            }
        }
        return out;
    }

    private static double[][] rows(Tensor matrix) {
        double[][] rows = new double[matrix.size(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = matrix.select(0, i).toDoubleArray();
        }
        return rows;
    }

    private final Tensor q = random(1, 3, 4);
    private final Tensor k = random(2, 5, 4);
    private final Tensor v = random(3, 5, 2);

    @Test
    void eachRowIsAMeanOfValues() {
        boolean[][] all = new boolean[3][5];
        boolean[][] causal = new boolean[3][5];
        boolean[] mask = new boolean[15];
        boolean[][] masked = new boolean[3][5];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 5; j++) {
                all[i][j] = true;
                causal[i][j] = j <= i;
                masked[i][j] = (i + 2 * j) % 3 != 0;
                mask[5 * i + j] = masked[i][j];
            }
        }
        close(F.scaledDotProductAttention(q, k, v, null, 0, false), naive(rows(q), rows(k), rows(v), all), 1e-12);
        close(F.scaledDotProductAttention(q, k, v, null, 0, true), naive(rows(q), rows(k), rows(v), causal), 1e-12);
        Tensor bool = Tensors.of(mask).reshape(3, 5);
        close(F.scaledDotProductAttention(q, k, v, bool, 0, false), naive(rows(q), rows(k), rows(v), masked), 1e-12);
        Tensor added = bool.to(DType.FLOAT64).log();
        close(F.scaledDotProductAttention(q, k, v, added, 0, false), naive(rows(q), rows(k), rows(v), masked), 1e-12);
    }

    @Test
    void gradientsAgreeWithDifferences() {
        GradCheck.DEFAULT.check(in -> F.scaledDotProductAttention(in[0], in[1], in[2], null, 0, true), q, k, v);
        GradCheck.DEFAULT.checkSecondOrder(in -> F.scaledDotProductAttention(in[0], in[1], in[2], in[3], 0, false),
                random(4, 2, 1, 2, 3), random(5, 2, 2, 3), random(6, 2, 2, 2), random(7, 2, 2));
    }

    @Test
    void mistakesAreExplained() {
        assertThatThrownBy(() -> F.scaledDotProductAttention(q, random(2, 5, 3), v, null, 0, false))
                .isInstanceOf(ShapeException.class).hasMessage("scaled_dot_product_attention: query and key differ in "
                        + "their last size; got (3, 4) and (5, 3)");
        assertThatThrownBy(() -> F.scaledDotProductAttention(q, k, random(3, 4, 2), null, 0, false))
                .isInstanceOf(ShapeException.class).hasMessageContaining("key and value differ in length");
        assertThatThrownBy(() -> F.scaledDotProductAttention(q, k, v, random(8, 3, 5), 0, true))
                .isInstanceOf(ShapeException.class).hasMessageContaining("beside causal; choose one");
        assertThatThrownBy(() -> F.scaledDotProductAttention(q, k, v, Tensors.ones(3, 5), 0, false))
                .isInstanceOf(DTypeException.class).hasMessageContaining("mask must be bool or");
        assertThatThrownBy(() -> new MultiheadAttention(6, 4)).isInstanceOf(ShapeException.class)
                .hasMessage("MultiheadAttention: the number of heads must divide the number of features; got 4 heads "
                        + "and 6 features");
    }

    /** The heads of one sample, put together by hand. */
    private static double[] byHand(MultiheadAttention layer, Tensor x, int heads, boolean[][] sees) {
        Tensor weight = layer.ownParameters().get("in_proj_weight").tensor().detach();
        Tensor bias = layer.ownParameters().get("in_proj_bias").tensor().detach();
        Tensor packed = x.matmul(weight.transpose(0, 1)).add(bias);
        int features = x.size(1);
        int size = features / heads;
        float[] joined = new float[x.size(0) * features];
        for (int h = 0; h < heads; h++) {
            double[] head = naive(rows(packed.narrow(1, h * size, size)),
                    rows(packed.narrow(1, features + h * size, size)),
                    rows(packed.narrow(1, 2 * features + h * size, size)), sees);
            for (int i = 0; i < x.size(0); i++) {
                for (int e = 0; e < size; e++) {
                    joined[i * features + h * size + e] = (float) head[i * size + e];
                }
            }
        }
        Linear out = (Linear) layer.get("out_proj");
        return Tensors.of(joined, x.size(0), features).matmul(out.weight().tensor().detach().transpose(0, 1))
                .add(out.bias().tensor().detach()).toDoubleArray();
    }

    @Test
    void headsWorkSideBySide() {
        Rng.setCurrent(new Rng(4));
        MultiheadAttention layer = new MultiheadAttention(6, 2);
        layer.ownParameters().get("in_proj_bias").set(Tensors.rand(new Rng(5), 18));
        Tensor x = Tensors.randn(new Rng(6), 4, 2, 6);
        boolean[][] all = new boolean[4][4];
        boolean[][] causal = new boolean[4][4];
        boolean[][] padded = new boolean[4][4];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                all[i][j] = true;
                causal[i][j] = j <= i;
                padded[i][j] = j < 3;
            }
        }
        Tensor plain = layer.call(x, x, x);
        assertThat(plain.toString()).isNotNull();
        assertThat(plain.shape()).isEqualTo(Shape.of(4, 2, 6));
        Tensor second = x.select(1, 1);
        close(plain.select(1, 1), byHand(layer, second, 2, all), 1e-5);
        Tensor padding = Tensors.of(false, false, false, false, false, false, false, true).reshape(2, 4);
        MultiheadAttention.Attention attention = layer.attend(x, x, x, padding, null);
        close(attention.output().select(1, 1), byHand(layer, second, 2, padded), 1e-5);
        close(attention.output().select(1, 0), plain.select(1, 0).toDoubleArray(), 1e-6);
        assertThat(attention.weights().shape()).isEqualTo(Shape.of(2, 4, 4));
        assertThat(attention.weights().at(1, 0, 3)).isEqualTo(0);
        assertThat(attention.weights().sum(2).at(0, 2)).isCloseTo(1, within(1e-6));
        boolean[] later = new boolean[16];
        for (int i = 0; i < 16; i++) {
            later[i] = i % 4 > i / 4;
        }
        Tensor mask = Tensors.of(later).reshape(4, 4);
        close(layer.attend(x, x, x, null, mask).output().select(1, 1), byHand(layer, second, 2, causal), 1e-5);
        MultiheadAttention first = new MultiheadAttention(6, 2).batchFirst(true);
        first.loadStateDict(layer.stateDict());
        Tensor swapped = x.transpose(0, 1);
        close(first.call(swapped, swapped, swapped).transpose(0, 1), plain.toDoubleArray(), 1e-6);
    }

    @Test
    void encoderLayersHavePyTorchsPartsAndLearn() {
        Rng.setCurrent(new Rng(7));
        TransformerEncoderLayer layer = new TransformerEncoderLayer(6, 2).hidden(8).dropout(0);
        assertThat(layer.toString()).isEqualTo("""
                TransformerEncoderLayer(
                  (self_attn): MultiheadAttention(
                    (out_proj): NonDynamicallyQuantizableLinear(in_features=6, out_features=6, bias=True)
                  )
                  (linear1): Linear(in_features=6, out_features=8, bias=True)
                  (dropout): Dropout(p=0.0, inplace=False)
                  (linear2): Linear(in_features=8, out_features=6, bias=True)
                  (norm1): LayerNorm((6,), eps=1e-05, elementwise_affine=True, bias=True)
                  (norm2): LayerNorm((6,), eps=1e-05, elementwise_affine=True, bias=True)
                  (dropout1): Dropout(p=0.0, inplace=False)
                  (dropout2): Dropout(p=0.0, inplace=False)
                )""");
        assertThat(layer.namedParameters().keySet()).containsExactly("self_attn.in_proj_weight",
                "self_attn.in_proj_bias", "self_attn.out_proj.weight", "self_attn.out_proj.bias", "linear1.weight",
                "linear1.bias", "linear2.weight", "linear2.bias", "norm1.weight", "norm1.bias", "norm2.weight",
                "norm2.bias");
        Tensor x = Tensors.randn(new Rng(8), 4, 2, 6);
        layer.call(x).square().mean().backward();
        layer.namedParameters().forEach((name, parameter) -> assertThat(parameter.grad()).as(name).isNotNull());
    }

    @Test
    void aCausalLayerDoesNotLookAhead() {
        for (boolean normFirst : new boolean[] {false, true}) {
            Rng.setCurrent(new Rng(9));
            TransformerEncoderLayer layer = new TransformerEncoderLayer(6, 3).hidden(8).dropout(0).batchFirst(true)
                    .normFirst(normFirst).gelu(true).causal(true);
            Tensor x = Tensors.randn(new Rng(10), 2, 5, 6);
            Tensor other = Tensors.cat(List.of(x.narrow(1, 0, 3), Tensors.randn(new Rng(11), 2, 2, 6)), 1);
            float[] before = layer.call(x).narrow(1, 0, 3).toFloatArray();
            assertThat(layer.call(other).narrow(1, 0, 3).toFloatArray()).containsExactly(before);
            assertThat(layer.call(other).narrow(1, 3, 2).toFloatArray())
                    .isNotEqualTo(layer.call(x).narrow(1, 3, 2).toFloatArray());
            Tensor padding = Tensors.of(new boolean[10]).reshape(2, 5);
            close(layer.encode(x, null, padding), layer.call(x).toDoubleArray(), 1e-6);
        }
    }
}
