package org.bitgrid.opencl;

import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.op.Histogram;
import org.bitgrid.tensor.op.MinMax;
import org.bitgrid.tensor.op.Op;

/** Smallest and largest elements, and histograms. */
final class ClObserve {
    private static final ClSource SOURCE = ClSource.file("quant.cl");

    private ClObserve() {
    }

    static void register() {
        OpenClBackend.define(MinMax.class, new MinMaxKernel());
        OpenClBackend.define(Histogram.class, new HistogramKernel());
    }

    private abstract static class Observer extends ClKernel {
        @Override
        final boolean takes(Op op, Tensor[] inputs) {
            return super.takes(op, inputs) && ClStrides.canWalk(inputs);
        }
    }

    private static final class MinMaxKernel extends Observer {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            ClGroups groups = ClGroups.sharing(inputs[0].layout(), ((MinMax) op).shape());
            int chunks = groups.chunks();
            int parts = groups.count() * chunks;
            ClMemory.Block ends = runtime.memory().take(2L * Float.BYTES * parts, op.name());
            ClMemory.Block odd = runtime.memory().take(2L * Integer.BYTES * parts, op.name());
            runtime.launch(SOURCE, "extremes").input(inputs[0]).memory(ends).memory(odd)
                    .integer(groups.count()).integer(chunks).integer(groups.length()).walk(groups.kept())
                    .walk(groups.folded()).integer(((MinMax) op).finiteOnly() ? 1 : 0).over(parts);
            runtime.launch(SOURCE, "finishExtremes").memory(ends).output(outputs[0]).output(outputs[1])
                    .integer(groups.count()).integer(chunks).over(groups.count());
            runtime.launch(SOURCE, "finishOdd").memory(odd).output(outputs[2]).integer(parts).over(2);
            ends.run();
            odd.run();
        }
    }

    private static final class HistogramKernel extends Observer {
        @Override
        void run(ClRuntime runtime, Op op, Tensor[] inputs, Tensor[] outputs) {
            int bins = ((Histogram) op).bins();
            int count = (int) inputs[0].numel();
            int places = (int) outputs[0].numel();
            ClStrides walk = ClQuant.walk(inputs[0], inputs[1]);
            ClMemory.Block counts = runtime.memory().take((long) Integer.BYTES * places, op.name());
            runtime.launch(SOURCE, "clearCounts").memory(counts).integer(places).over(places);
            runtime.launch(SOURCE, "histogram").input(inputs[0]).input(inputs[1]).input(inputs[2]).memory(counts)
                    .integer(count).walk(walk)
                    .integer(bins).over(count);
            runtime.launch(SOURCE, "widenCounts").memory(counts).output(outputs[0]).integer(places).over(places);
            counts.run();
        }
    }
}
