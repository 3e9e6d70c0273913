package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.Embedding;
import org.bitgrid.tensor.op.Gather;
import org.bitgrid.tensor.op.IndexSelect;
import org.bitgrid.tensor.op.OneHot;
import org.bitgrid.tensor.op.ScatterAdd;
import org.bitgrid.tensor.op.Sort;
import org.bitgrid.tensor.op.TopK;

/** Samples of operators that place or select elements by indices, or find indices. */
final class IndexSamples {
    private IndexSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        gathers(samples);
        selections(samples);
        orders(samples);
        return samples;
    }

    private static void gathers(List<OpSample> samples) {
        samples.add(OpSample.of("gather", new Gather(1), rng -> new Tensor[] {Inputs.floats(rng, 2, 5),
            Inputs.indices(rng, 5, 2, 3)})
                .refuses(DTypeException.class, "gather: index must be int64 or int32; got float32", Tensors.ones(2, 3),
                        Tensors.ones(2, 3))
                .refuses(ShapeException.class, "gather: index must have the tensor's rank and be no larger off "
                        + "dimension 1; got index \\(3, 1\\) for \\(2, 3\\)", Tensors.ones(2, 3),
                        Tensors.arange(3).unsqueeze(1))
                .refuses(ShapeException.class, "gather: index out of range; got 3; expected 0 to 2", Tensors.ones(1, 3),
                        Tensors.of(new long[] {3}, 1, 1)));
        samples.add(OpSample.of("gather along the first dimension, smaller index", new Gather(0), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 3, 2), Inputs.indices(rng, 4, 5, 2, 2)}));
        samples.add(OpSample.of("gather integers by int32", new Gather(-1), rng -> new Tensor[] {
            Inputs.integers(rng, DType.INT32, 4), Inputs.indices(rng, 4, 6).to(DType.INT32)}));
        samples.add(OpSample.of("scatter add", new ScatterAdd(1), rng -> new Tensor[] {Inputs.floats(rng, 2, 5),
            Inputs.indices(rng, 5, 2, 3), Inputs.floats(rng, 2, 3)}).magnitude(Magnitude.ABSOLUTE)
                .refuses(ShapeException.class, "scatter_add: index must not be larger than the source; got index "
                        + "\\(1, 2\\) for source \\(1, 1\\)", Tensors.ones(1, 2), Tensors.arange(2).unsqueeze(0),
                        Tensors.ones(1, 1))
                .refuses(DTypeException.class, "scatter_add: tensor and source must have one type; .*",
                        Tensors.ones(2), Tensors.arange(2), Tensors.arange(2))
                .refuses(ShapeException.class, "scatter_add: index out of range; got -1; expected 0 to 1",
                        Tensors.ones(1, 2), Tensors.of(new long[] {-1}, 1, 1), Tensors.ones(1, 1)));
        samples.add(OpSample.of("scatter add, larger source", new ScatterAdd(0), rng -> new Tensor[] {
            Inputs.floats(rng, 4, 3), Inputs.indices(rng, 4, 5, 2), Inputs.floats(rng, 6, 3)})
                .magnitude(Magnitude.ABSOLUTE));
    }

    private static void selections(List<OpSample> samples) {
        samples.add(OpSample.of("index select", new IndexSelect(1), rng -> new Tensor[] {Inputs.floats(rng, 2, 5, 3),
            Inputs.indices(rng, 5, 4)})
                .refuses(DTypeException.class, "index_select: index must be int64 or int32; got float32",
                        Tensors.ones(2, 3), Tensors.ones(2))
                .refuses(ShapeException.class, "index_select: a tensor without dimensions has no slices; got \\(\\)",
                        Tensors.scalar(1), Tensors.arange(1))
                .refuses(ShapeException.class, "index_select: .*3.*", Tensors.ones(2, 3),
                        Tensors.of(new long[] {3}, 1)));
        samples.add(OpSample.of("index select, index of two dimensions", new IndexSelect(0), rng -> new Tensor[] {
            Inputs.floats(rng, 5, 3), Inputs.indices(rng, 5, 2, 4)}));
        samples.add(OpSample.of("index select, index without dimensions", new IndexSelect(-1), rng -> new Tensor[] {
            Inputs.floats(rng, 3, 5), Inputs.indices(rng, 5)}));
        samples.add(OpSample.of("index select gradient", new IndexSelect.Grad(1, 5), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 4, 3), Inputs.indices(rng, 5, 4)}).magnitude(Magnitude.ABSOLUTE)
                .refuses(ShapeException.class, "index_select_grad: index has the wrong shape; .*", Tensors.ones(2, 3),
                        Tensors.arange(2))
                .refuses(ShapeException.class, "index_select_grad: gradient must have the dimensions of the index; got "
                        + "\\(2,\\) for index \\(2,\\) at dimension 1", Tensors.ones(2), Tensors.arange(2)));
        samples.add(OpSample.of("embedding", new Embedding(-1), rng -> new Tensor[] {Inputs.floats(rng, 5, 3),
            Inputs.indices(rng, 5, 2, 4)})
                .refuses(ShapeException.class, "embedding: weight must have 2 dimensions; got \\(2,\\)",
                        Tensors.ones(2), Tensors.arange(2))
                .refuses(() -> new Embedding(7), ShapeException.class, "embedding: padding index is not a row; got 7; "
                        + "expected -1 to 1", Tensors.ones(2, 3), Tensors.arange(2)));
        samples.add(OpSample.of("embedding with padding", new Embedding(2), rng -> new Tensor[] {
            Inputs.floats(rng, 5, 3), Tensors.of(new long[] {0, 2, 4, 2}, 2, 2)})
                .notDifferentiable("the row of the padding gets no gradient on purpose, which differences cannot see"));
        samples.add(OpSample.one("one hot", new OneHot(4), rng -> Inputs.indices(rng, 4, 2, 3))
                .notDifferentiable("indices are integers")
                .refuses(DTypeException.class, "one_hot: indices must be int64 or int32; got float32", Tensors.ones(2))
                .refuses(() -> new OneHot(0), ShapeException.class, "one_hot: number of classes must be at least 1; got "
                        + "0", Tensors.arange(2)));
    }

    private static void orders(List<OpSample> samples) {
        for (boolean descending : new boolean[] {false, true}) {
            samples.add(OpSample.one(descending ? "sort, descending" : "sort", new Sort(1, descending),
                    rng -> Inputs.floats(rng, 2, 5, 3))
                    .refuses(() -> new Sort(1, descending), ShapeException.class, "sort: dimension out of range; got 1 "
                            + "for shape \\(2,\\); expected -1 to 0", Tensors.ones(2)));
            samples.add(OpSample.one(descending ? "sort integers, descending" : "sort integers", new Sort(0, descending),
                    rng -> Inputs.integers(rng, DType.INT64, 9)));
        }
        samples.add(OpSample.one("topk", new TopK(2, 1, true), rng -> Inputs.floats(rng, 3, 5))
                .refuses(() -> new TopK(4, 1, true), ShapeException.class, "topk: k is out of range; got 4; expected 0 "
                        + "to 3", Tensors.ones(2, 3))
                .refuses(ShapeException.class, "topk: a tensor without dimensions has no order; got \\(\\)",
                        Tensors.scalar(1)));
        samples.add(OpSample.one("topk, smallest", new TopK(3, 0, false), rng -> Inputs.floats(rng, 5, 2)));
    }
}
