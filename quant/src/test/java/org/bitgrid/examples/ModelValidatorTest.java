package org.bitgrid.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bitgrid.nn.F;
import org.bitgrid.nn.Linear;
import org.bitgrid.nn.Module;
import org.bitgrid.nn.ReLU;
import org.bitgrid.nn.Sequential;
import org.bitgrid.quant.QuantLog;
import org.bitgrid.quant.prepare.ModelPreparer;
import org.bitgrid.quant.prepare.ModelProblem;
import org.bitgrid.quant.prepare.ModelProblem.Kind;
import org.bitgrid.quant.prepare.ModelValidator;
import org.bitgrid.tensor.Rng;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;
import org.junit.jupiter.api.Test;

class ModelValidatorTest {
    private static final Tensor SAMPLE = Tensors.randn(new Rng(1), 2, 8);

    static final class Block extends Module {
        final Linear linear = add("linear", new Linear(8, 8));
        final ReLU relu = add("relu", new ReLU());

        @Override
        protected Tensor forward(Tensor x) {
            return F.sigmoid(relu.call(linear.call(relu.call(x)))).view(x.size(0), 2, 4).flatten(1);
        }
    }

    static final class Faulty extends Module {
        final Block first = add("first", new Block());
        final Block second = add("second", new Block());

        @Override
        protected Tensor forward(Tensor x) {
            return F.cat(List.of(first.call(x), second.call(x).mul(2.0)), 1);
        }
    }

    private static List<String> errorsOf(Runnable action) {
        List<String> lines = new ArrayList<>();
        try (var scope = QuantLog.listen((level, area, message) -> {
            if (level == System.Logger.Level.ERROR) {
                lines.add(message);
            }
        })) {
            action.run();
        }
        return lines;
    }

    @Test
    void listsEveryProblemWithPathAndLine() {
        List<ModelProblem> problems = new ModelValidator().problems(new Faulty(), SAMPLE);
        assertThat(problems).extracting(ModelProblem::kind).containsExactly(Kind.REUSED_MODULE, Kind.FUNCTION,
                Kind.REUSED_MODULE, Kind.FUNCTION, Kind.FUNCTION);
        assertThat(problems).extracting(ModelProblem::modulePath)
                .containsExactly("first.relu", "first", "second.relu", "second", "");
        assertThat(problems).extracting(ModelProblem::node)
                .containsExactly("first_relu_1", "sigmoid", "second_relu_1", "sigmoid_1", "mul");
        assertThat(problems).allSatisfy(problem ->
                assertThat(problem.origin()).matches("(Block|Faulty)\\.forward \\(ModelValidatorTest\\.java:\\d+\\)"));
        assertThat(problems.get(1).toString()).matches("function sigmoid is not a module, so nothing quantizes its "
                + "output; prepare the model, or use a module in first at Block\\.forward \\(.*\\)");
        List<String> errors = errorsOf(() -> assertThat(ModelValidator.validateModel(new Faulty(), SAMPLE)).isFalse());
        assertThat(errors).hasSize(6);
        assertThat(errors.get(0))
                .isEqualTo("The following modules are used more than once in the model: [first.relu, second.relu]");
    }

    @Test
    void passesPreparedModels() {
        Module prepared;
        try (var quiet = QuantLog.listen((level, area, message) -> { })) {
            prepared = ModelPreparer.prepareModel(new Faulty(), SAMPLE);
        }
        assertThat(errorsOf(() -> assertThat(ModelValidator.validateModel(prepared, SAMPLE)).isTrue())).isEmpty();
    }

    static final class Deciding extends Module {
        @Override
        protected Tensor forward(Tensor x) {
            return x.sum().item() > 0 ? x : x.neg();
        }
    }

    @Test
    void reportsWhatCannotBeTraced() {
        List<ModelProblem> problems = new ModelValidator().addCheck("never", (model, sample) -> false)
                .problems(new Sequential(new Deciding()), SAMPLE);
        assertThat(problems).extracting(ModelProblem::kind).containsExactly(Kind.UNTRACEABLE, Kind.CHECK);
        assertThat(problems.get(0).message()).contains("Deciding.forward (ModelValidatorTest.java:");
        assertThat(problems.get(1).message()).isEqualTo("check \"never\" failed");
    }

    @Test
    void takesExclusionsFurtherFunctionsAndChecks() {
        ModelValidator validator = new ModelValidator().excludeLayers("first", "second").allowFunctions("mul")
                .addCheck("has children", (model, sample) -> !model.namedChildren().isEmpty());
        assertThat(validator.problems(new Faulty(), SAMPLE)).isEmpty();
        assertThat(validator.validate(new Faulty(), SAMPLE)).isTrue();
    }
}
