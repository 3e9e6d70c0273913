package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bitgrid.tensor.DTypeException;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.bitgrid.tensor.op.AddMatrixProduct;
import org.bitgrid.tensor.op.Diag;
import org.bitgrid.tensor.op.Diagonal;
import org.bitgrid.tensor.op.Einsum;
import org.bitgrid.tensor.op.MatrixProduct;
import org.bitgrid.tensor.op.MatrixProduct.Kind;
import org.bitgrid.tensor.op.Triangle;

/** Samples of operators on vectors and matrices. */
final class MatrixSamples {
    private MatrixSamples() {
    }

    static List<OpSample> all() {
        List<OpSample> samples = new ArrayList<>();
        samples.add(product(Kind.MM, new int[] {2, 3}, new int[] {3, 4})
                .refuses(ShapeException.class, "mm: left operand must have 2 dimensions; got \\(3,\\)",
                        Tensors.ones(3), Tensors.ones(3, 2)));
        samples.add(product(Kind.BMM, new int[] {2, 3, 4}, new int[] {2, 4, 5})
                .refuses(ShapeException.class, "bmm: batch sizes differ; got \\(2, 3, 4\\) and \\(1, 4, 5\\); .*",
                        Tensors.ones(2, 3, 4), Tensors.ones(1, 4, 5)));
        samples.add(product(Kind.MV, new int[] {2, 3}, new int[] {3})
                .refuses(ShapeException.class, "matmul: inner sizes differ: .*", Tensors.ones(2, 3),
                        Tensors.ones(2)));
        samples.add(product(Kind.DOT, new int[] {7}, new int[] {7})
                .refuses(ShapeException.class, "dot: right operand has the wrong shape; .*", Tensors.ones(2),
                        Tensors.ones(3)));
        samples.add(product(Kind.OUTER, new int[] {3}, new int[] {4})
                .refuses(DTypeException.class, "outer: left operand and right operand must have one type; .*",
                        Tensors.ones(2), Tensors.arange(2)));
        samples.add(OpSample.of("addmm", new AddMatrixProduct(0.5, -2, false), rng -> new Tensor[] {
            Inputs.floats(rng, 4), Inputs.floats(rng, 2, 3), Inputs.floats(rng, 3, 4)}).roundings(3, "two factors")
                .refuses(ShapeException.class, "addmm: tensor does not broadcast to the product; got \\(3, 2, 4\\); "
                        + "expected \\(2, 4\\)", Tensors.ones(3, 2, 4), Tensors.ones(2, 3), Tensors.ones(3, 4)));
        samples.add(OpSample.of("addmm without the tensor", new AddMatrixProduct(0, 1, false), rng -> new Tensor[] {
            Inputs.floats(rng, 2, 4), Inputs.floats(rng, 2, 3), Inputs.floats(rng, 3, 4)}));
        samples.add(OpSample.of("baddbmm", new AddMatrixProduct(1, 1, true), rng -> new Tensor[] {
            Inputs.floats(rng, 3, 4), Inputs.floats(rng, 2, 3, 5), Inputs.floats(rng, 2, 5, 4)}));
        einsums(samples);
        diagonals(samples);
        return samples;
    }

    private static OpSample product(Kind kind, int[] left, int[] right) {
        return OpSample.of(kind.name().toLowerCase(Locale.ROOT), new MatrixProduct(kind),
                rng -> new Tensor[] {Inputs.floats(rng, left), Inputs.floats(rng, right)});
    }

    private static void einsums(List<OpSample> samples) {
        einsum(samples, "ij,jk->ik", new int[] {2, 3}, new int[] {3, 4});
        einsum(samples, "bij, bjk -> bki", new int[] {2, 3, 4}, new int[] {2, 4, 5});
        einsum(samples, "ii->i", new int[] {3, 3});
        einsum(samples, "ii", new int[] {3, 3});
        einsum(samples, "iji->ji", new int[] {3, 4, 3});
        einsum(samples, "ij->", new int[] {3, 4});
        einsum(samples, "ij", new int[] {3, 4});
        einsum(samples, "ba", new int[] {3, 4});
        einsum(samples, "i,j", new int[] {3}, new int[] {4});
        einsum(samples, "...ij,...jk->...ik", new int[] {5, 1, 2, 3}, new int[] {4, 3, 2});
        einsum(samples, "b...,b->...", new int[] {5, 2, 3}, new int[] {5});
        einsum(samples, "ij,kj,kl,l->i", new int[] {2, 3}, new int[] {4, 3}, new int[] {4, 5}, new int[] {5});
        einsum(samples, "abc,cd,bd->ad", new int[] {2, 3, 4}, new int[] {4, 5}, new int[] {3, 5});
        OpSample first = samples.get(samples.size() - 1);
        first.refuses(() -> new Einsum("ij,jk"), ShapeException.class, "einsum: equation has 2 operands but there are "
                + "1; got equation \"ij,jk\"", Tensors.ones(2, 2))
                .refuses(() -> new Einsum("ij->ik"), ShapeException.class, "einsum: result has a letter that no "
                        + "operand has: k; .*", Tensors.ones(2, 2))
                .refuses(() -> new Einsum("ij->ii"), ShapeException.class, "einsum: result has a letter twice: i; .*",
                        Tensors.ones(2, 2))
                .refuses(() -> new Einsum("i->i"), ShapeException.class, "einsum: operand 0 has 2 dimensions but 1 "
                        + "letters; .*", Tensors.ones(2, 2))
                .refuses(() -> new Einsum("i,i->i"), ShapeException.class, "einsum: sizes of i differ: 2 and 3; .*",
                        Tensors.ones(2), Tensors.ones(3))
                .refuses(() -> new Einsum("ii->i"), ShapeException.class, "einsum: a diagonal needs equal sizes: i is "
                        + "2 and 3; .*", Tensors.ones(2, 3))
                .refuses(() -> new Einsum("i?->i"), ShapeException.class, "einsum: dimensions are named by letters, .*",
                        Tensors.ones(2, 3));
    }

    private static void einsum(List<OpSample> samples, String equation, int[]... dims) {
        samples.add(OpSample.of("einsum " + equation, new Einsum(equation), rng -> {
            Tensor[] inputs = new Tensor[dims.length];
            for (int i = 0; i < dims.length; i++) {
                inputs[i] = Inputs.floats(rng, dims[i]);
            }
            return inputs;
        }).roundings(dims.length, "one rounding for each further product"));
    }

    private static void diagonals(List<OpSample> samples) {
        samples.add(OpSample.one("diagonal", new Diagonal(1, 2, 0), rng -> Inputs.floats(rng, 4, 2, 3))
                .refuses(() -> new Diagonal(0, 1, -1), ShapeException.class, "diagonal: needs two different "
                        + "dimensions; got 1 and -1 of \\(2, 2\\)", Tensors.ones(2, 2)));
        samples.add(OpSample.one("diagonal below", new Diagonal(-2, 0, 1), rng -> Inputs.floats(rng, 5, 3)));
        samples.add(OpSample.one("diag embed", new Diagonal.Embed(new Diagonal(1, 0, 1), Shape.of(3, 5)),
                rng -> Inputs.floats(rng, 3))
                .refuses(ShapeException.class, "diag_embed: diagonal has the wrong shape; .*", Tensors.ones(4)));
        samples.add(OpSample.one("diag of a vector", new Diag(-1), rng -> Inputs.floats(rng, 4)));
        samples.add(OpSample.one("diag of a matrix", new Diag(1), rng -> Inputs.floats(rng, 4, 5))
                .refuses(ShapeException.class, "diag: takes a vector or a matrix; got \\(1, 2, 3\\)",
                        Tensors.ones(1, 2, 3)));
        samples.add(OpSample.one("tril", new Triangle(true, 0), rng -> Inputs.floats(rng, 2, 3, 4))
                .refuses(ShapeException.class, "tril: needs at least 2 dimensions; got \\(3,\\)", Tensors.ones(3)));
        samples.add(OpSample.one("triu", new Triangle(false, -1), rng -> Inputs.floats(rng, 4, 3)));
    }
}
