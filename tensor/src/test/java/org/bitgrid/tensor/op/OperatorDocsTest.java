package org.bitgrid.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.bitgrid.testing.OperatorDocs;
import org.junit.jupiter.api.Test;

/** The list of operators in the documentation is the one that the operators give. */
class OperatorDocsTest {
    @Test
    void documentIsUpToDate() throws IOException {
        assertThat(OperatorDocs.file()).exists();
        List<String> written = Files.readAllLines(OperatorDocs.file());
        List<String> wanted = OperatorDocs.text().lines().toList();
        String remedy = "docs/operators.md is out of date; run org.bitgrid.testing.OperatorDocs";
        assertThat(wanted.stream().filter(line -> !written.contains(line))).as(remedy + "; missing").isEmpty();
        assertThat(written.stream().filter(line -> !wanted.contains(line))).as(remedy + "; too many").isEmpty();
        assertThat(written).as(remedy).isEqualTo(wanted);
    }

    @Test
    void documentSaysWhatOperatorsAre() {
        assertThat(OperatorDocs.text()).contains("`exp` Pointwise1").contains("`conv2d` Conv2d")
                .contains("`(g * y)`").contains("conv2d_input_grad(g, b)");
    }
}
