package org.bitgrid.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.StateException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every in-place form against the operator it is named after: values, gradients, views, versions. */
class InPlaceOpsTest {
    private record Pair(BiFunction<Tensor, Tensor, Tensor> inPlace, BiFunction<Tensor, Tensor, Tensor> plain) {
    }

    private static Map<String, Pair> pairs() {
        Map<String, Pair> pairs = new LinkedHashMap<>();
        pairs.put("add", new Pair(Tensor::addInPlace, Tensor::add));
        pairs.put("add number", new Pair((x, y) -> x.addInPlace(2), (x, y) -> x.add(2.0)));
        pairs.put("sub", new Pair(Tensor::subInPlace, Tensor::sub));
        pairs.put("sub number", new Pair((x, y) -> x.subInPlace(2), (x, y) -> x.sub(2.0)));
        pairs.put("mul", new Pair(Tensor::mulInPlace, Tensor::mul));
        pairs.put("mul number", new Pair((x, y) -> x.mulInPlace(2), (x, y) -> x.mul(2.0)));
        pairs.put("mul by itself", new Pair((x, y) -> x.mulInPlace(x), (x, y) -> x.mul(x)));
        pairs.put("div", new Pair(Tensor::divInPlace, Tensor::div));
        pairs.put("div number", new Pair((x, y) -> x.divInPlace(2), (x, y) -> x.div(2.0)));
        pairs.put("pow", new Pair((x, y) -> x.powInPlace(3), (x, y) -> x.pow(3.0)));
        pairs.put("neg", new Pair((x, y) -> x.negInPlace(), (x, y) -> x.neg()));
        pairs.put("abs", new Pair((x, y) -> x.absInPlace(), (x, y) -> x.abs()));
        pairs.put("exp", new Pair((x, y) -> x.expInPlace(), (x, y) -> x.exp()));
        pairs.put("log", new Pair((x, y) -> x.logInPlace(), (x, y) -> x.log()));
        pairs.put("sqrt", new Pair((x, y) -> x.sqrtInPlace(), (x, y) -> x.sqrt()));
        pairs.put("round", new Pair((x, y) -> x.roundInPlace(), (x, y) -> x.round()));
        pairs.put("floor", new Pair((x, y) -> x.floorInPlace(), (x, y) -> x.floor()));
        pairs.put("ceil", new Pair((x, y) -> x.ceilInPlace(), (x, y) -> x.ceil()));
        pairs.put("sigmoid", new Pair((x, y) -> x.sigmoidInPlace(), (x, y) -> x.sigmoid()));
        pairs.put("tanh", new Pair((x, y) -> x.tanhInPlace(), (x, y) -> x.tanh()));
        pairs.put("relu", new Pair((x, y) -> x.reluInPlace(), (x, y) -> x.relu()));
        pairs.put("clamp", new Pair((x, y) -> x.clampInPlace(0.6, 1.1), (x, y) -> x.clamp(0.6, 1.1)));
        pairs.put("masked fill", new Pair((x, y) -> x.maskedFillInPlace(y.gt(0.5), 3),
                (x, y) -> x.maskedFill(y.gt(0.5), 3)));
        pairs.put("fill", new Pair((x, y) -> x.fillInPlace(3), (x, y) -> x.mul(0.0).add(3.0)));
        pairs.put("zero", new Pair((x, y) -> x.zeroInPlace(), (x, y) -> x.mul(0.0)));
        pairs.put("copy", new Pair(Tensor::copyInPlace, (x, y) -> x.mul(0.0).add(y)));
        return pairs;
    }

    private static final double[] X = {0.3, 1.2, 0.7, 1.9, 0.45, 2.4};
    private static final double[] ROW = {0.9, 0.2, 1.6};

    @TestFactory
    Stream<DynamicTest> values() {
        return pairs().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
            for (DType type : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
                Tensor y = Tensors.of(ROW, 3).to(type);
                double[] expected = each.getValue().plain().apply(Tensors.of(X, 2, 3).to(type), y).toDoubleArray();
                Tensor target = Tensors.of(X, 2, 3).to(type).clone();
                assertThat(each.getValue().inPlace().apply(target, y)).isSameAs(target);
                assertThat(target.toDoubleArray()).containsExactly(expected);
                // Through a view that is not contiguous: every second column of a larger tensor.
                Tensor whole = Tensors.full(Shape.of(2, 6), 9, type);
                Tensor view = whole.slice(1, 0, 6, 2);
                view.copyInPlace(Tensors.of(X, 2, 3));
                each.getValue().inPlace().apply(view, y);
                assertThat(view.toDoubleArray()).containsExactly(expected);
                assertThat(whole.slice(1, 1, 6, 2).toDoubleArray()).containsOnly(9);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return pairs().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
            GradCheck.DEFAULT.check(in -> each.getValue().inPlace().apply(in[0].mul(1.0), in[1]),
                    Tensors.of(X, 2, 3), Tensors.of(ROW, 3));
            GradCheck.DEFAULT.checkSecondOrder(in -> each.getValue().inPlace().apply(in[0].mul(1.0), in[1]),
                    Tensors.of(X, 2, 3), Tensors.of(ROW, 3));
        }));
    }

    @Test
    void savedTensorsNoticeEveryInPlaceForm() {
        pairs().forEach((name, pair) -> {
            Tensor x = Tensors.of(X, 2, 3).requiresGrad(true);
            Tensor factor = Tensors.of(X, 2, 3);
            Tensor y = x.mul(factor).sum();
            pair.inPlace().apply(factor, Tensors.of(ROW, 3));
            assertThatThrownBy(y::backward).as(name).isInstanceOf(StateException.class)
                    .hasMessageContaining("modified in place after being saved");
        });
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> Tensors.ones(3).mulInPlace(Tensors.ones(2, 3))).isInstanceOf(ShapeException.class)
                .hasMessage("mul_: result does not fit in place; got (2, 3); expected (3,)");
        assertThatThrownBy(() -> Tensors.arange(3).mulInPlace(0.5)).isInstanceOf(DTypeException.class)
                .hasMessageStartingWith("mul_: a result of type float32 does not fit in place; expected int64");
        assertThatThrownBy(() -> Tensors.arange(3).divInPlace(Tensors.arange(3))).isInstanceOf(DTypeException.class);
        assertThatThrownBy(() -> Tensors.of(true).addInPlace(Tensors.arange(1))).isInstanceOf(DTypeException.class);
        assertThatThrownBy(() -> Tensors.ones(3).copyInPlace(Tensors.ones(2))).isInstanceOf(ShapeException.class)
                .hasMessageContaining("copy_");
        assertThatThrownBy(() -> Tensors.ones(3, 1).expand(3, 2).mulInPlace(2)).isInstanceOf(StateException.class)
                .hasMessageContaining("mul_: several elements of an expanded tensor are one in memory");
        Tensor leaf = Tensors.ones(3).requiresGrad(true);
        assertThatThrownBy(() -> leaf.mulInPlace(2)).isInstanceOf(StateException.class)
                .hasMessageContaining("is a leaf that requires gradients");
    }

    @Test
    void integersStayIntegersAndOverlapsAreCopiedRight() {
        Tensor x = Tensors.arange(4).mulInPlace(3).addInPlace(1);
        assertThat(x.dtype()).isEqualTo(DType.INT64);
        assertThat(x.toLongArray()).containsExactly(1, 4, 7, 10);
        x.slice(0, 1, 4).copyInPlace(x.slice(0, 0, 3));
        assertThat(x.toLongArray()).containsExactly(1, 1, 4, 7);
        Tensor square = Tensors.of(new double[] {1, 2, 3, 4}, 2, 2);
        square.copyInPlace(square.transpose(0, 1));
        assertThat(square.toDoubleArray()).containsExactly(1, 3, 2, 4);
    }
}
