/**
 * The seam to the Vector API: interfaces for what only vector instructions make fast, each with a plain Java and a
 * Vector API implementation. Only files named {@code Panama*} import {@code jdk.incubator.vector};
 * {@link org.bitgrid.tensor.cpu.simd.VectorMaths} picks once, when it is loaded.
 */
package org.bitgrid.tensor.cpu.simd;
