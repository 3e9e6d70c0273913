package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Hooks before, after and behind a module; walks over modules; freezing; loading with faults. */
class ModuleHooksTest {
    private static Linear doubling() {
        Linear layer = new Linear(2, 2).bias(false);
        layer.weight().set(Tensors.of(new float[] {2, 0, 0, 2}, 2, 2));
        return layer;
    }

    @Test
    void backwardHooksSeeAndReplaceGradients() {
        Linear layer = doubling();
        List<String> seen = new ArrayList<>();
        Tensor x = Tensors.of(new float[] {1, 2}, 1, 2).requiresGrad(true);
        try (Dispatch.Scope hook = layer.onBackward((module, inputs, outputs) -> {
            seen.add(inputs[0].toString() + outputs[0]);
            assertThat(inputs[0].toFloatArray()).containsExactly(6, 6);
            assertThat(outputs[0].toFloatArray()).containsExactly(3, 3);
            return new Tensor[] {inputs[0].mul(10.0)};
        })) {
            layer.call(x).mul(3.0).sum().backward();
        }
        assertThat(seen).hasSize(1);
        assertThat(x.grad().toFloatArray()).containsExactly(60, 60);
        assertThat(layer.weight().grad().toFloatArray()).containsExactly(3, 6, 3, 6);
        x.setGrad(null);
        layer.call(x).sum().backward();
        assertThat(x.grad().toFloatArray()).as("the hook is gone").containsExactly(2, 2);
    }

    @Test
    void backwardHooksRunWhereInputsNeedNoGradient() {
        Linear layer = doubling();
        List<Integer> counts = new ArrayList<>();
        layer.onBackward((module, inputs, outputs) -> {
            counts.add(inputs.length);
            assertThat(outputs[0].toFloatArray()).containsExactly(1, 1);
            return null;
        });
        layer.call(Tensors.of(new float[] {1, 2}, 1, 2)).sum().backward();
        assertThat(counts).containsExactly(0);
        assertThat(layer.weight().grad().toFloatArray()).containsExactly(1, 2, 1, 2);
        try (Dispatch.Scope off = Dispatch.gradEnabled(false)) {
            assertThat(layer.call(Tensors.of(new float[] {1, 2}, 1, 2)).toFloatArray()).containsExactly(2, 4);
        }
        Tensor x = Tensors.ones(1, 2).requiresGrad(true);
        layer.onBackward((module, inputs, outputs) -> new Tensor[3]);
        Tensor loss = layer.call(x).sum();
        assertThatThrownBy(loss::backward).hasMessageContaining("backward hook returned 3 gradients; expected 1");
    }

    @Test
    void preHooksReplaceArguments() {
        Linear layer = doubling();
        try (Dispatch.Scope hook = layer.onForwardPre((module, arguments) ->
                List.of(((Tensor) arguments.get(0)).add(1.0)))) {
            assertThat(layer.call(Tensors.of(new float[] {1, 2}, 1, 2)).toFloatArray()).containsExactly(4, 6);
        }
        try (Dispatch.Scope hook = layer.onForward((module, arguments, outputs) ->
                new Tensor[] {outputs[0].neg()})) {
            assertThat(layer.call(Tensors.of(new float[] {1, 2}, 1, 2)).toFloatArray()).containsExactly(-2, -4);
        }
        assertThat(layer.call(Tensors.of(new float[] {1, 2}, 1, 2)).toFloatArray()).containsExactly(2, 4);
    }

    @Test
    void applyVisitsChildrenInOrderBeforeTheirParents() {
        Sequential model = new Sequential(new Linear(2, 2), new Sequential(new ReLU(), new Linear(2, 1)));
        List<String> order = new ArrayList<>();
        model.apply(module -> order.add(module.typeName()));
        assertThat(order).containsExactly("Linear", "ReLU", "Linear", "Sequential", "Sequential");
        assertThat(model.namedModules().keySet()).containsExactly("", "0", "1", "1.0", "1.1");
    }

    @Test
    void typesAreConvertedAndFrozenParametersStay() {
        Sequential model = new Sequential(new Linear(2, 2), new BatchNorm1d(2));
        model.to(DType.FLOAT64);
        assertThat(model.get("0").ownParameters().get("weight").held().dtype()).isEqualTo(DType.FLOAT64);
        assertThat(((BatchNorm1d) model.get("1")).runningMean().tensor().dtype()).isEqualTo(DType.FLOAT64);
        assertThat(((BatchNorm1d) model.get("1")).numBatchesTracked().tensor().dtype()).isEqualTo(DType.INT64);
        assertThatThrownBy(() -> model.to(DType.INT64)).hasMessageContaining("only floating-point types; got int64");
        model.get("0").requiresGrad(false);
        model.call(Tensors.ones(3, 2).to(DType.FLOAT64)).sum().backward();
        assertThat(model.get("0").ownParameters().get("weight").grad()).isNull();
        assertThat(model.get("1").ownParameters().get("weight").grad()).isNotNull();
        model.zeroGrad();
        assertThat(model.get("1").ownParameters().get("weight").grad()).isNull();
    }

    @Test
    void everyFaultOfAStateIsListedAtOnce() {
        Sequential model = new Sequential(new Linear(2, 3), new Linear(3, 1));
        Map<String, Tensor> state = new LinkedHashMap<>(model.stateDict());
        state.remove("0.bias");
        state.put("1.weight", Tensors.ones(1, 4));
        state.put("2.weight", Tensors.ones(5));
        float[] before = model.get("0").ownParameters().get("weight").held().toFloatArray();
        assertThatThrownBy(() -> model.loadStateDict(state)).isInstanceOf(BitgridException.class)
                .hasMessageContaining("missing 0.bias (3,)")
                .hasMessageContaining("shape of 1.weight: got (1, 4), expected (1, 3)")
                .hasMessageContaining("unexpected 2.weight (5,)");
        assertThat(model.get("0").ownParameters().get("weight").held().toFloatArray()).isEqualTo(before);
    }
}
