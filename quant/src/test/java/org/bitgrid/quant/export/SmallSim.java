package org.bitgrid.quant.export;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.bitgrid.nn.BatchNorm2d;
import org.bitgrid.nn.Conv2d;
import org.bitgrid.nn.Dropout;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.MaxPool2d;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.graph.GraphModule;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.fold.BatchNormFolding;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.sim.QuantSimOptions;
import org.bitgrid.quant.sim.QuantizationSimModel;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/** A small network in a simulation, for tests of files. */
final class SmallSim {
    static final Tensor SAMPLE = Tensors.randn(new Rng(9), 2, 2, 6, 6);

    private SmallSim() {
    }

    private static final class Network extends Module {
        final Conv2d conv = add("conv", new Conv2d(2, 4, 3).padding(1));
        final BatchNorm2d norm = add("norm", new BatchNorm2d(4));
        final MaxPool2d pool = add("pool", new MaxPool2d(2));
        final Conv2d second = add("second", new Conv2d(4, 4, 1));
        final Dropout drop = add("drop", new Dropout(0.5));
        final Linear fc = add("fc", new Linear(36, 3));

        @Override
        protected Tensor forward(Tensor x) {
            x = pool.call(F.relu(norm.call(conv.call(x))));
            x = x.add(second.call(x)).mul(0.5);
            return F.softmax(fc.call(drop.call(x.view(x.size(0), -1))), -1);
        }
    }

    static QuantizationSimModel made(UnaryOperator<QuantSimOptions> options) {
        Rng before = Rng.current();
        Rng.setCurrent(new Rng(5));
        try (var quiet = QuantLog.listen((level, area, message) -> { })) {
            GraphModule prepared = ModelPreparer.prepareModel(new Network().eval(), SAMPLE);
            BatchNormFolding.foldAllBatchNorms(prepared, SAMPLE);
            QuantSimOptions fourBits = QuantSimOptions.defaults().paramBitwidth(4);
            return new QuantizationSimModel(prepared, SAMPLE, options.apply(fourBits));
        } finally {
            Rng.setCurrent(before);
        }
    }

    static void calibrate(QuantizationSimModel sim, long seed) {
        try (var quiet = QuantLog.listen((level, area, message) -> { })) {
            sim.computeEncodings(model -> model.call(Tensors.randn(new Rng(seed), 8, 2, 6, 6)));
        }
    }

    static QuantizationSimModel calibrated(UnaryOperator<QuantSimOptions> options) {
        QuantizationSimModel sim = made(options);
        calibrate(sim, 3);
        return sim;
    }

    static QuantizationSimModel calibrated() {
        return calibrated(UnaryOperator.identity());
    }

    /** Everything that a simulation holds, as text: what must not change when something fails. */
    static Map<String, String> state(QuantizationSimModel sim) {
        Map<String, String> state = new TreeMap<>();
        sim.model().stateDict().forEach((name, tensor) ->
                state.put(name, tensor.dtype() + " " + Arrays.toString(tensor.toDoubleArray())));
        sim.slotQuantizers().forEach(each -> {
            state.put(each.slot().path(), each.quantizer() + " " + each.quantizer().encoding() + " "
                    + each.quantizer().isOverwriteAllowed() + " " + each.quantizer().namedParameters().values().stream()
                            .map(parameter -> parameter.requiresGrad()).toList());
        });
        return state;
    }
}
