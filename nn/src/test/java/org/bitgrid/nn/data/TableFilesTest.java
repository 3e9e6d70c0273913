package org.bitgrid.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.Mutations;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.Rng;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFilesTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text);
    }

    @Test
    void readsNumbersAndLabels() throws IOException {
        TensorDataset data = CsvFile.of(file("\"a, b\",label,c\r\n1.5,0,-2e1\r\n\r\n\"3\",2,inf\r\n")).header(true)
                .readDataset(1, 3);
        try (Batch all = data.all()) {
            assertThat(all.inputs().toFloatArray()).containsExactly(1.5f, -20f, 3f, Float.POSITIVE_INFINITY);
            assertThat(all.targets().toLongArray()).containsExactly(0, 2);
        }
        assertThat(CsvFile.of(folder.resolve("table.csv")).names()).containsExactly("a, b", "label", "c");
        assertThat(CsvFile.of(file("1;2\n3;4")).separator(';').readTensor().toFloatArray()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void faultsNameLineAndField() throws IOException {
        String[][] faults = {{"1,2\n3", "1 fields at line 2; expected 2"}, {"1,x", "\"x\" at line 1, field 2"},
            {"a,b\n1,2", "header(true)"}, {"1,\"2", "quote that does not end"}, {"", "no row"}, {"1,0x10", "no number"}};
        for (String[] fault : faults) {
            Path file = file(fault[0]);
            assertThatThrownBy(() -> CsvFile.of(file).readTensor()).isInstanceOf(FormatException.class)
                    .hasMessageContaining(fault[1]).hasMessageContaining("table.csv");
        }
        Path file = file("1,2\n1,2.5\n");
        assertThatThrownBy(() -> CsvFile.of(file).readDataset(-1, 3)).isInstanceOf(FormatException.class)
                .hasMessageContaining("2.5 at line 2, field 2");
        assertThatThrownBy(() -> CsvFile.of(file).readDataset(5, 3)).isInstanceOf(FormatException.class)
                .hasMessageContaining("no column 5");
    }

    private Path cifar(int labelBytes, int... labels) throws IOException {
        byte[] bytes = new byte[labels.length / labelBytes * (labelBytes + 3072)];
        for (int i = 0; i < labels.length; i++) {
            bytes[i / labelBytes * (labelBytes + 3072) + i % labelBytes] = (byte) labels[i];
        }
        bytes[labelBytes + 1024] = (byte) 255; // first green pixel of the first image
        return Files.write(folder.resolve("batch.bin"), bytes);
    }

    @Test
    void readsCifar() throws IOException {
        Path file = cifar(1, 3, 9);
        try (Batch all = CifarFile.readCifar10(List.of(file, file)).all()) {
            assertThat(all.inputs().spec().shape().toArray()).containsExactly(4, 3, 32, 32);
            assertThat(all.targets().toLongArray()).containsExactly(3, 9, 3, 9);
            assertThat(all.inputs().at(0, 1, 0, 0)).isEqualTo(1);
            assertThat(all.inputs().at(1, 1, 0, 0)).isZero();
        }
        Path fine = cifar(2, 19, 99);
        assertThat(CifarFile.readCifar100(List.of(fine), true).all().targets().toLongArray()).containsExactly(99);
        assertThat(CifarFile.readCifar100(List.of(fine), false).all().targets().toLongArray()).containsExactly(19);
        assertThatThrownBy(() -> CifarFile.readCifar10(List.of(fine))).isInstanceOf(FormatException.class)
                .hasMessageContaining("multiple of 3073");
        Path wrong = cifar(1, 10);
        assertThatThrownBy(() -> CifarFile.readCifar10(List.of(wrong))).isInstanceOf(FormatException.class)
                .hasMessageContaining("got 10 at offset 0");
    }

    @Test
    void damagedTablesAreClearErrorsOrNumbers() throws IOException {
        byte[] good = "x,y,label\n1.5,2.5,0\n-1e-3,4,1\n7,\"8\",2\n".getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("damaged.csv");
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            Files.write(file, Mutations.mutate(good, new Rng(31).fork(i)));
            try {
                assertThat(CsvFile.of(file).header(true).readDataset(-1, 3).size()).isPositive();
            } catch (BitgridException e) {
                refused++;
                assertThat(e.getMessage()).contains("damaged.csv").doesNotContain("\n");
            }
        }
        System.out.println("fuzz csv: 3000 cases, " + refused + " refused");
        assertThat(refused).isGreaterThan(300);
    }
}
