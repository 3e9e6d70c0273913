/**
 * Traced graphs: {@link org.bitgrid.nn.graph.Tracer} runs a module on tensors without elements and writes down what
 * happens; {@link org.bitgrid.nn.graph.GraphModule} runs and prints the result; {@link org.bitgrid.nn.graph.GraphPatch}
 * changes it, checking every wire.
 */
package org.bitgrid.nn.graph;
