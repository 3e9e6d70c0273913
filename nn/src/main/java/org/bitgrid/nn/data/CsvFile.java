package org.bitgrid.nn.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitgrid.nn.io.FileException;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.Tensors;

/**
 * Reads tables of numbers from text files (RFC 4180: fields between commas, quotes around fields that need them,
 * doubled quotes inside). All rows have one number of fields.
 */
public final class CsvFile {
    private static final int MOST_FIELDS = 1 << 20;

    private final Path path;
    private char separator = ',';
    private boolean header;

    private CsvFile(Path path) {
        this.path = path;
    }

    /** A file with commas and without a header. */
    public static CsvFile of(Path path) {
        return new CsvFile(path);
    }

    /** What stands between fields; a comma by default. Returns this. */
    public CsvFile separator(char character) {
        separator = character;
        return this;
    }

    /** Whether the first line holds names; not by default. Returns this. */
    public CsvFile header(boolean present) {
        header = present;
        return this;
    }

    /** The names of the first line. */
    public List<String> names() {
        try (BufferedReader in = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            String line = in.readLine();
            return line == null ? List.of() : fields(line, 1);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** All numbers: (rows, fields) FLOAT32. */
    public Tensor readTensor() {
        Rows rows = rows();
        return Tensors.of(rows.values(), rows.count(), rows.width());
    }

    /**
     * Samples for classification: one column holds class numbers, the others are inputs (rows, fields - 1).
     *
     * @param labelColumn counted from 0; -1 is the last
     * @param classes     labels are whole numbers from 0 to {@code classes} - 1
     */
    public TensorDataset readDataset(int labelColumn, int classes) {
        Rows rows = rows();
        int column = labelColumn < 0 ? rows.width() + labelColumn : labelColumn;
        if (column < 0 || column >= rows.width()) {
            throw new FormatException("csv: " + path + " has no column " + labelColumn + "; got " + rows.width()
                    + " columns");
        }
        float[] inputs = new float[rows.count() * (rows.width() - 1)];
        long[] labels = new long[rows.count()];
        for (int row = 0; row < rows.count(); row++) {
            int start = row * rows.width();
            float label = rows.values()[start + column];
            labels[row] = (long) label;
            if (labels[row] != label || label < 0 || label >= classes) {
                throw new FormatException("csv: " + path + " has a label out of range; got " + label + " at line "
                        + (row + (header ? 2 : 1)) + ", field " + (column + 1) + "; expected a whole number from 0 to "
                        + (classes - 1));
            }
            int to = row * (rows.width() - 1);
            System.arraycopy(rows.values(), start, inputs, to, column);
            System.arraycopy(rows.values(), start + column + 1, inputs, to + column, rows.width() - 1 - column);
        }
        return new TensorDataset(Tensors.of(inputs, rows.count(), rows.width() - 1), Tensors.of(labels, rows.count()));
    }

    private record Rows(float[] values, int count, int width) {
    }

    private Rows rows() {
        float[] values = new float[1024];
        int used = 0;
        int width = -1;
        int count = 0;
        int number = 0;
        try (BufferedReader in = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                if (number == 1 && header || line.isBlank()) {
                    continue;
                }
                List<String> fields = fields(line, number);
                if (width >= 0 && fields.size() != width) {
                    throw new FormatException("csv: " + path + " has rows of different lengths; got " + fields.size()
                            + " fields at line " + number + "; expected " + width);
                }
                width = fields.size();
                if (used > Integer.MAX_VALUE - 8 - width) {
                    throw new FormatException("csv: " + path + " holds too many numbers for one tensor");
                }
                if (used + width > values.length) {
                    values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * (used + width)));
                }
                for (int i = 0; i < width; i++) {
                    values[used++] = number(fields.get(i), number, i);
                }
                count++;
            }
        } catch (IOException e) {
            throw failure(e);
        }
        if (count == 0) {
            throw new FormatException("csv: " + path + " holds no row");
        }
        return new Rows(Arrays.copyOf(values, used), count, width);
    }

    private RuntimeException failure(IOException e) {
        return e instanceof CharacterCodingException
                ? new FormatException("csv: " + path + " is no UTF-8 text", e) : FileException.of("csv", path, e);
    }

    private float number(String field, int line, int index) {
        String text = field.strip();
        // Java would also take forms such as 1f and 0x1p3, which no table of numbers means.
        if (text.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,5})?|[-+]?inf|nan|NaN")) {
            return switch (text) {
                case "inf", "+inf" -> Float.POSITIVE_INFINITY;
                case "-inf" -> Float.NEGATIVE_INFINITY;
                case "nan", "NaN" -> Float.NaN;
                default -> Float.parseFloat(text);
            };
        }
        String shown = text.length() <= 40 ? text : text.substring(0, 40) + "…";
        throw new FormatException("csv: " + path + " has a field that is no number; got \""
                + shown.replaceAll("\\p{Cntrl}", "?") + "\" at line " + line + ", field " + (index + 1)
                + (line == 1 && !header ? "; if the first line holds names, say header(true)" : ""));
    }

    private List<String> fields(String line, int number) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        if (quoted) {
            throw new FormatException("csv: " + path + " has a quote that does not end; got line " + number);
        }
        if (fields.size() > MOST_FIELDS) {
            throw new FormatException("csv: " + path + " has too many fields; got " + fields.size() + " at line " + number);
        }
        return fields;
    }
}
