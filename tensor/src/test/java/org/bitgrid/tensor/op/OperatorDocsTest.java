package org.bitgrid.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.bitgrid.testing.OperatorDocs;
import org.junit.jupiter.api.Test;

/** The list of operators in the documentation is the one that the operators give. */
class OperatorDocsTest {
    @Test
    void documentIsUpToDate() throws IOException {
        assertThat(OperatorDocs.file()).exists();
        assertThat(Files.readString(OperatorDocs.file()).lines().toList())
                .as("docs/operators.md is out of date; run org.bitgrid.testing.OperatorDocs")
                .isEqualTo(OperatorDocs.text().lines().toList());
    }

    @Test
    void documentSaysWhatOperatorsAre() {
        assertThat(OperatorDocs.text()).contains("`exp` Pointwise1").contains("`conv2d` Conv2d")
                .contains("`(g * y)`").contains("conv2d_input_grad(g, b)");
    }
}
