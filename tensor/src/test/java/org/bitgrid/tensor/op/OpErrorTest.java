package org.bitgrid.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bitgrid.testing.ErrorSample;
import org.bitgrid.testing.OpSample;
import org.bitgrid.testing.OpSamples;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What operators refuse, and in which words. */
class OpErrorTest {
    @TestFactory
    Stream<DynamicTest> misuseIsExplained() {
        return OpSamples.all().stream().flatMap(sample -> {
            List<ErrorSample> errors = sample.errors();
            return IntStream.range(0, errors.size()).mapToObj(i -> DynamicTest.dynamicTest(sample.name() + ", error "
                    + (i + 1), () -> check(errors.get(i))));
        });
    }

    private static void check(ErrorSample error) {
        assertThatThrownBy(error.call()::execute).isInstanceOf(error.type()).hasMessageMatching(error.message());
    }

    @Test
    void thereAreErrorsForMostOperators() {
        long operators = OpSamples.all().stream().map(sample -> sample.op().getClass()).distinct().count();
        long covered = OpSamples.all().stream().filter(sample -> !sample.errors().isEmpty())
                .map(OpSample::op).map(Object::getClass).distinct().count();
        assertThat(covered).isGreaterThan(operators * 3 / 4);
    }
}
