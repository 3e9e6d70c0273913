/**
 * ONNX files: {@link org.bitgrid.quant.export.onnx.OnnxWriter} turns a module into an
 * {@link org.bitgrid.quant.export.onnx.OnnxModel}, which reads and writes itself. An operator becomes exportable by one
 * line in the table {@code OnnxOps}.
 */
package org.bitgrid.quant.export.onnx;
