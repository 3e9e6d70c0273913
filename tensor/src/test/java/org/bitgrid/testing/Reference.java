package org.bitgrid.testing;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Layout;
import org.bitgrid.tensor.Storage;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.reference.ReferenceBackend;
import org.bitgrid.tensor.spi.Kernel;

/** Runs operators by their definition, whatever backend serves the tensors. */
public final class Reference {
    private Reference() {
    }

    /** Outputs in double precision for inputs of any floating-point type; integers stay integers. */
    public static Tensor[] run(Op op, Tensor... inputs) {
        return runExactly(op, Inputs.toDouble(inputs));
    }

    /** The definition for inputs as they are. Operators without one of their own are views, or made of others. */
    public static Tensor[] runExactly(Op op, Tensor... inputs) {
        Kernel definition = ReferenceBackend.definition(op.getClass());
        if (definition == null) {
            return OpSample.run(op, inputs);
        }
        List<TensorSpec> specs = new ArrayList<>();
        Tensor[] contiguous = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            contiguous[i] = op.mutates().contains(i) ? inputs[i].clone() : inputs[i].contiguous();
            specs.add(contiguous[i].spec());
        }
        List<TensorSpec> outputSpecs = op.infer(specs);
        Tensor[] outputs = new Tensor[outputSpecs.size()];
        for (int i = 0; i < outputs.length; i++) {
            TensorSpec spec = outputSpecs.get(i);
            outputs[i] = i < op.mutates().size() ? contiguous[op.mutates().get(i)]
                    : Tensor.of(Storage.allocate(spec.dtype(), (int) spec.shape().numel()),
                            Layout.contiguous(spec.shape()), Device.CPU);
        }
        definition.run(op, contiguous, outputs);
        return outputs;
    }

    /** Whether the operator is computed by a definition of its own rather than by others or as a view. */
    public static boolean defines(Op op) {
        return ReferenceBackend.definition(op.getClass()) != null;
    }
}
