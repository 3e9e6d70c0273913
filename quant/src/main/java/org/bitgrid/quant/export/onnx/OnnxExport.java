package org.bitgrid.quant.export.onnx;

import java.util.List;

/**
 * A model as ONNX, and what the tensors that go in and out of its modules are called there.
 *
 * @param calls calls of modules in the order in which they return
 */
public record OnnxExport(OnnxModel model, List<ModuleTensors> calls) {
    public OnnxExport {
        calls = List.copyOf(calls);
    }

    /**
     * One call of a module.
     *
     * @param path      dotted path of the module
     * @param arguments for each argument the name of its tensor, empty where the argument is a literal
     * @param outputs   for each output the name of its tensor
     * @param changes   whether any step lies between arguments and outputs
     */
    public record ModuleTensors(String path, List<String> arguments, List<String> outputs, boolean changes) {
        public ModuleTensors {
            arguments = List.copyOf(arguments);
            outputs = List.copyOf(outputs);
        }
    }
}
