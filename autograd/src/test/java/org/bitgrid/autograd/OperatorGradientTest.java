package org.bitgrid.autograd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AddInPlace;
import org.bitgrid.tensor.op.Pointwise2;
import org.bitgrid.tensor.op.PointwiseScalar;
import org.bitgrid.tensor.op.RRelu;
import org.bitgrid.tensor.op.Where;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** First and second derivatives of chains of operators as users call them; OpGradientTest has each by itself. */
class OperatorGradientTest {
    private record Sample(Function<Tensor[], Tensor> function, Tensor... inputs) {
    }

    /** Away from 0, from each other's values and from the kinks of relu6. */
    private static Tensor random(long seed, boolean positive, int... dims) {
        Rng rng = new Rng(seed);
        double[] values = new double[(int) Shape.of(dims).numel()];
        for (int i = 0; i < values.length; i++) {
            double size = 0.3 + rng.nextDouble();
            values[i] = positive || rng.nextDouble() < 0.5 ? size : -size;
        }
        return Tensors.of(values, dims);
    }

    private static Map<String, Sample> samples() {
        Tensor x = random(1, false, 2, 3);
        Tensor y = random(2, false, 2, 3);
        Tensor row = random(3, false, 3);
        Tensor scalar = random(4, false);
        Tensor positive = random(5, true, 2, 3);
        Map<String, Sample> samples = new LinkedHashMap<>();
        samples.put("clamp by tensors", new Sample(in -> in[0].clamp(in[1], in[2]), x, row.mul(0.4), positive));
        samples.put("clamp by one tensor", new Sample(in -> in[0].square().clamp(null, in[1]), x, positive));
        samples.put("masked fill", new Sample(in -> in[0].square().maskedFill(in[0].gt(0.0), 2), x));
        samples.put("glu", new Sample(in -> in[0].glu(0), x));
        samples.put("prelu", new Sample(in -> in[0].prelu(in[1]), x, row));
        samples.put("prelu, one slope", new Sample(in -> in[0].prelu(in[1]), x, random(12, false, 1)));
        samples.put("rrelu", new Sample(in -> Dispatch.applyAll(new RRelu(0.1, 0.9, 7), in[0])[0], x));
        samples.put("remainder by numbers", new Sample(in -> in[0].fmod(0.7).add(in[0].remainder(0.7)), x));
        samples.put("add broadcast", new Sample(in -> in[0].add(in[1]).mul(in[2]), x, row, scalar));
        samples.put("div broadcast", new Sample(in -> in[1].div(in[0]), x, row));
        samples.put("pow broadcast", new Sample(in -> in[0].pow(in[1]), positive, row));
        samples.put("scalar arithmetic", new Sample(in -> in[0].add(2.0).sub(1).mul(3.0).div(4.0), x));
        samples.put("scalar pow", new Sample(in -> in[0].pow(3.0).add(in[0].pow(0.0)).add(in[0].pow(1.0)), x));
        samples.put("reversed scalars", new Sample(in -> Dispatch.apply(new PointwiseScalar(
                Pointwise2.Kind.DIV, 2.5, false, true), Dispatch.apply(new PointwiseScalar(
                Pointwise2.Kind.POW, 1.5, false, true), in[0])), x));
        samples.put("where", new Sample(in -> Where.apply(in[0].gt(in[1]), in[0].square(), in[1]), x, row));
        samples.put("sum all", new Sample(in -> in[0].square().sum(), x));
        samples.put("sum axis", new Sample(in -> in[0].square().sum(List.of(0), true), x));
        samples.put("mean axes", new Sample(in -> in[0].square().mean(List.of(0, 2), false),
                random(6, false, 2, 3, 2)));
        samples.put("amax", new Sample(in -> in[0].amax(List.of(1), false), x));
        samples.put("amin", new Sample(in -> in[0].amin(List.of(), true), x));
        samples.put("matmul", new Sample(in -> in[0].matmul(in[1]), x, random(7, false, 3, 4)));
        samples.put("matmul vectors", new Sample(in -> in[0].matmul(in[1]), row, random(8, false, 3)));
        samples.put("matmul vector matrix", new Sample(in -> in[0].matmul(in[1]), row, random(7, false, 3, 4)));
        samples.put("matmul matrix vector", new Sample(in -> in[0].matmul(in[1]), x, row));
        samples.put("matmul batch broadcast", new Sample(in -> in[0].matmul(in[1]), random(9, false, 2, 1, 2, 3),
                random(10, false, 3, 3, 2)));
        samples.put("transpose permute", new Sample(in -> in[0].transpose(0, 2).permute(1, 0, 2).square(),
                random(11, false, 2, 3, 2)));
        samples.put("reshape view flatten", new Sample(in -> in[0].reshape(3, -1).view(6).unsqueeze(0).flatten(0)
                .square(), x));
        samples.put("expand squeeze", new Sample(in -> in[0].unsqueeze(1).expand(2, 4, 3).square().sum(
                List.of(1), true).squeeze(1), x));
        samples.put("slice select narrow", new Sample(in -> in[0].slice(1, 0, 3, 2).select(0, 1).square().mul(
                in[0].narrow(0, 0, 1).sum()), x));
        samples.put("cat split", new Sample(in -> Tensors.cat(List.of(in[0], in[1].square(), in[0]), 1).split(4, 1)
                .get(1).square(), x, y));
        samples.put("stack", new Sample(in -> Tensors.stack(List.of(in[0], in[1]), 1).square(), x, y));
        samples.put("clone contiguous", new Sample(in -> in[0].clone().transpose(0, 1).contiguous().square(), x));
        samples.put("cast", new Sample(in -> in[0].square().to(DType.FLOAT64), x));
        samples.put("add in place", new Sample(in -> {
            Tensor target = in[0].mul(1.0);
            AddInPlace.apply(target, -2.5, in[1].square());
            return target.square();
        }, x, y));
        return samples;
    }

    @TestFactory
    Stream<DynamicTest> firstDerivatives() {
        return samples().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                GradCheck.DEFAULT.check(each.getValue().function(), each.getValue().inputs())));
    }

    @TestFactory
    Stream<DynamicTest> secondDerivatives() {
        return samples().entrySet().stream().map(each -> DynamicTest.dynamicTest(each.getKey(), () ->
                GradCheck.DEFAULT.checkSecondOrder(each.getValue().function(), each.getValue().inputs())));
    }
}
