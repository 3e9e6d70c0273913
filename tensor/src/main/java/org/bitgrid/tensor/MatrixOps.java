package org.bitgrid.tensor;

import org.bitgrid.tensor.op.AddMatrixProduct;
import org.bitgrid.tensor.op.Diag;
import org.bitgrid.tensor.op.Diagonal;
import org.bitgrid.tensor.op.MatrixProduct;
import org.bitgrid.tensor.op.Triangle;

/** Methods of {@link Tensor} that treat it as a vector, a matrix or a batch of matrices. */
interface MatrixOps {
    private Tensor self() {
        return (Tensor) this;
    }

    /** (M, K) x (K, N) -> (M, N). */
    default Tensor mm(Tensor other) {
        return MatrixProduct.apply(MatrixProduct.Kind.MM, self(), other);
    }

    /** (B, M, K) x (B, K, N) -> (B, M, N). */
    default Tensor bmm(Tensor other) {
        return MatrixProduct.apply(MatrixProduct.Kind.BMM, self(), other);
    }

    /** (M, K) x (K) -> (M). */
    default Tensor mv(Tensor vector) {
        return MatrixProduct.apply(MatrixProduct.Kind.MV, self(), vector);
    }

    /** (K) x (K) -> (): the sum of products. */
    default Tensor dot(Tensor other) {
        return MatrixProduct.apply(MatrixProduct.Kind.DOT, self(), other);
    }

    /** (M) x (N) -> (M, N): all products. */
    default Tensor outer(Tensor other) {
        return MatrixProduct.apply(MatrixProduct.Kind.OUTER, self(), other);
    }

    /** this + a x b, of matrices; this is broadcast. */
    default Tensor addmm(Tensor a, Tensor b) {
        return addmm(a, b, 1, 1);
    }

    /** beta · this + alpha · a x b, of matrices; this is broadcast. */
    default Tensor addmm(Tensor a, Tensor b, double beta, double alpha) {
        return Dispatch.apply(new AddMatrixProduct(beta, alpha, false), self(), a, b);
    }

    /** this + a x b, of batches of matrices; this is broadcast. */
    default Tensor baddbmm(Tensor a, Tensor b) {
        return baddbmm(a, b, 1, 1);
    }

    /** beta · this + alpha · a x b, of batches of matrices; this is broadcast. */
    default Tensor baddbmm(Tensor a, Tensor b, double beta, double alpha) {
        return Dispatch.apply(new AddMatrixProduct(beta, alpha, true), self(), a, b);
    }

    /** A matrix with its dimensions exchanged; vectors and scalars as they are. */
    default Tensor t() {
        if (self().rank() > 2) {
            throw new ShapeException("t", "takes at most 2 dimensions; got " + self().spec().shape()
                    + "; use transpose");
        }
        return self().rank() < 2 ? self() : self().transpose(0, 1);
    }

    /** A vector's square matrix with it on a diagonal, or that diagonal of a matrix. */
    default Tensor diag(int offset) {
        return Dispatch.apply(new Diag(offset), self());
    }

    /** The diagonal of the first two dimensions, as a last dimension; shares memory. */
    default Tensor diagonal() {
        return diagonal(0, 0, 1);
    }

    /** A diagonal of two dimensions, as a last dimension; shares memory. */
    default Tensor diagonal(int offset, int first, int second) {
        return Dispatch.apply(new Diagonal(offset, first, second), self());
    }

    /** Sum of the main diagonal of a matrix. */
    default Tensor trace() {
        Check.rank("trace", "tensor", self().spec(), 2);
        return diagonal().sum();
    }

    /** 0 above a diagonal of the last two dimensions. */
    default Tensor tril(int offset) {
        return Dispatch.apply(new Triangle(true, offset), self());
    }

    /** 0 below a diagonal of the last two dimensions. */
    default Tensor triu(int offset) {
        return Dispatch.apply(new Triangle(false, offset), self());
    }
}
