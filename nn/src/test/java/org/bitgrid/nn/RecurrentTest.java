package org.bitgrid.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RecurrentTest {
    private record Pair(String name, RecurrentBase<?> layer, RecurrentCell<?> cell) {
    }

    @TestFactory
    Stream<DynamicTest> layersDoWhatTheirCellsDo() {
        return Stream.of(new Pair("LSTM", new LSTM(3, 4), new LSTMCell(3, 4)),
                new Pair("GRU", new GRU(3, 4), new GRUCell(3, 4)),
                new Pair("RNN", new RNN(3, 4).relu(true), new RNNCell(3, 4).relu(true)),
                new Pair("LSTM without bias", new LSTM(3, 4).bias(false), new LSTMCell(3, 4).bias(false)))
                .map(pair -> DynamicTest.dynamicTest(pair.name, () -> {
                    pair.layer.namedParameters().forEach((name, parameter) -> pair.cell.ownParameters()
                            .get(name.replace("_l0", "")).set(parameter.held().detach().clone()));
                    Tensor x = Tensors.randn(new Rng(2), 5, 2, 3);
                    Tensor[] outputs = pair.layer.run(x);
                    Tensor[] state = new Tensor[0];
                    for (int t = 0; t < 5; t++) {
                        Object[] arguments = new Object[1 + state.length];
                        arguments[0] = x.select(0, t);
                        System.arraycopy(state, 0, arguments, 1, state.length);
                        state = pair.cell.callWith(Arrays.asList(arguments));
                        assertThat(state[0].detach().toFloatArray()).containsExactly(
                                outputs[0].detach().select(0, t).toFloatArray(), offset(1e-6f));
                    }
                    for (int i = 0; i < state.length; i++) {
                        assertThat(outputs[1 + i].detach().select(0, 0).toFloatArray())
                                .containsExactly(state[i].detach().toFloatArray(), offset(1e-6f));
                    }
                }));
    }

    @Test
    void theBackwardDirectionReadsTheSequenceFromItsEnd() {
        GRU both = new GRU(3, 4).bidirectional(true);
        GRU forwards = new GRU(3, 4);
        forwards.namedParameters().forEach((name, parameter) ->
                parameter.set(both.ownParameters().get(name + "_reverse").held().detach().clone()));
        Tensor x = Tensors.randn(new Rng(3), 6, 2, 3);
        Tensor backwardsPart = both.run(x)[0].detach().slice(2, 4, 8);
        Tensor flipped = forwards.run(x.flip(0))[0].detach().flip(0);
        assertThat(backwardsPart.toFloatArray()).containsExactly(flipped.toFloatArray(), offset(1e-6f));
    }

    @Test
    void stackedLayersHaveTheShapesAndNamesOfPyTorch() {
        LSTM layer = new LSTM(3, 4).layers(2).bidirectional(true).batchFirst(true).dropout(0.1);
        assertThat(layer).hasToString("LSTM(3, 4, num_layers=2, batch_first=True, dropout=0.1, bidirectional=True)");
        assertThat(layer.stateDict().keySet()).containsExactly("weight_ih_l0", "weight_hh_l0", "bias_ih_l0",
                "bias_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse",
                "bias_hh_l0_reverse", "weight_ih_l1", "weight_hh_l1", "bias_ih_l1", "bias_hh_l1",
                "weight_ih_l1_reverse", "weight_hh_l1_reverse", "bias_ih_l1_reverse", "bias_hh_l1_reverse");
        assertThat(layer.ownParameters().get("weight_ih_l1").shape()).isEqualTo(Shape.of(16, 8));
        Tensor[] outputs = layer.run(Tensors.randn(new Rng(4), 2, 7, 3));
        assertThat(outputs[0].shape()).isEqualTo(Shape.of(2, 7, 8));
        assertThat(outputs[1].shape()).isEqualTo(Shape.of(4, 2, 4));
        assertThat(outputs[2].shape()).isEqualTo(Shape.of(4, 2, 4));
    }

    @Test
    void cellsPrintAsInPyTorch() {
        assertThat(List.of(new LSTMCell(3, 4), new GRUCell(3, 4).bias(false), new RNNCell(3, 4).relu(true)))
                .map(Module::toString)
                .containsExactly("LSTMCell(3, 4)", "GRUCell(3, 4, bias=False)", "RNNCell(3, 4, nonlinearity=relu)");
    }

    @Test
    void sayWhatDoesNotFit() {
        LSTM layer = new LSTM(3, 4);
        assertThatThrownBy(() -> layer.run(Tensors.ones(5, 2, 4))).isInstanceOf(ShapeException.class)
                .hasMessage("LSTM: input must be (T, N, 3) and not empty; got (5, 2, 4)");
        assertThatThrownBy(() -> layer.run(Tensors.ones(5, 2, 3), Tensors.ones(1, 2, 4)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("LSTM: takes a sequence, or a sequence and 2 state tensors; got 2 tensors");
        assertThatThrownBy(() -> new GRU(3, 4).run(Tensors.ones(5, 2, 3), Tensors.ones(2, 2, 4)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("GRU: state has the wrong shape; got (2, 2, 4); expected (1, 2, 4)");
        assertThatThrownBy(() -> new RNNCell(3, 4).call(Tensors.ones(2, 4))).isInstanceOf(ShapeException.class)
                .hasMessage("RNNCell: input must be (N, 3); got (2, 4)");
        assertThatThrownBy(() -> new GRU(3, 4).layers(0)).isInstanceOf(ShapeException.class)
                .hasMessage("GRU: number of layers must be at least 1; got 0");
    }
}
