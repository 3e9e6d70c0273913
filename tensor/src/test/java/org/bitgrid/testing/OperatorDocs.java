package org.bitgrid.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bitgrid.tensor.BitgridException;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Dispatch;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.ComposedOp;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.ViewOp;
import org.bitgrid.tensor.reference.ReferenceBackend;

/**
 * Writes {@code docs/operators.md} from the operators themselves: names and shapes from their comments, gradients by
 * running their rules, element types by asking their shape rules, backends by asking the backends. Run it (with the
 * test classes on the class path) after changing an operator.
 */
public final class OperatorDocs {
    private static final Pattern COMMENT = Pattern.compile("/\\*\\*((?:[^*]|\\*(?!/))*)\\*/\\s*(?:@\\w+\\s+)*public record "
            + "(\\w+)\\(");
    private static final int LONGEST_COMMENT = 420;

    private OperatorDocs() {
    }

    /** Writes the file. */
    public static void main(String[] arguments) throws IOException {
        Path file = file();
        Files.createDirectories(file.getParent());
        Files.writeString(file, text());
        System.out.println("wrote " + file);
    }

    /** Where the document is. */
    public static Path file() {
        return root().resolve("docs/operators.md");
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("tensor/src/main/java/module-info.java"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("the project's sources are not above " + Path.of("").toAbsolutePath());
        }
        return folder;
    }

    /** The document. */
    public static String text() {
        Map<String, OpSample> first = new TreeMap<>();
        for (OpSample sample : OpSamples.all()) {
            first.merge(key(sample.op()), sample, OperatorDocs::better);
        }
        StringBuilder text = new StringBuilder("""
                # Operators

                Written by `OperatorDocs` (in tensor's tests) from the operators themselves; a test fails when it is out of date.

                Shapes are those of the operator's comment, with the letters of the glossary (N batch, C channels, H and W
                height and width). Gradients are written with operators: g is the gradient of the output, y the output, x the
                input (a, b, c … when there are several). Types are those that the first input may have. The reference backend
                computes everything; *cpu* means that the CPU backend has a kernel of its own for float32, *view* that no
                elements are touched, *parts* that it is computed by the operators that it is made of.

                | operator | shapes | gradient | made of | types | backends |
                |---|---|---|---|---|---|
                """);
        first.forEach((key, sample) -> text.append(row(key, sample)));
        return text.append("\nOperators: ").append(first.size()).append(".\n").toString();
    }

    /** Of several samples of one operator the one that is differentiable, with the fewest dimensions. */
    private static OpSample better(OpSample one, OpSample other) {
        return other.differentiableTimes() > one.differentiableTimes() ? other : one;
    }

    /** Families that share a record are told apart by their kind. */
    private static String key(Op op) {
        String type = op.getClass().getName().substring(op.getClass().getPackageName().length() + 1).replace('$', '.');
        return "`" + op.name() + "` " + type;
    }

    private static String row(String key, OpSample sample) {
        return "| " + String.join(" | ", List.of(key, cell(comment(sample.op())), cell(GradientText.gradient(sample)),
                cell(GradientText.parts(sample)), types(sample), backends(sample))) + " |\n";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }

    /** The first sentence of the record's comment, without markup. */
    private static String comment(Op op) {
        Class<?> outer = op.getClass().isMemberClass() ? op.getClass().getDeclaringClass() : op.getClass();
        Path source = root().resolve("tensor/src/main/java").resolve(outer.getName().replace('.', '/') + ".java");
        try {
            Matcher comments = COMMENT.matcher(Files.readString(source));
            while (comments.find()) {
                if (comments.group(2).equals(op.getClass().getSimpleName())) {
                    return firstSentence(comments.group(1));
                }
            }
            return "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String firstSentence(String comment) {
        String plain = comment.replaceAll("(?m)^\\s*\\* ?", "").replaceAll("\\{@(?:code|link) ([^}]*)}", "$1")
                .replaceAll("(?s)<p>.*", "").replaceAll("(?s)\\s@param.*", "").replace("&gt;", ">").replace("&lt;", "<")
                .replaceAll("\\s+", " ").strip();
        Matcher end = Pattern.compile("(?<!et al)\\.(?= [A-Z])").matcher(plain);
        String sentence = end.find() ? plain.substring(0, end.start() + 1) : plain;
        return sentence.length() <= LONGEST_COMMENT ? sentence : sentence.substring(0, LONGEST_COMMENT) + "…";
    }

    private static String types(OpSample sample) {
        Tensor[] inputs = sample.inputs();
        if (inputs.length == 0) {
            return "all";
        }
        List<String> accepted = new ArrayList<>();
        for (DType type : DType.values()) {
            List<TensorSpec> specs = new ArrayList<>();
            for (Tensor input : inputs) {
                boolean alike = input.dtype() == inputs[0].dtype();
                specs.add(alike ? input.spec().withDType(type) : input.spec());
            }
            try {
                sample.op().infer(specs);
                accepted.add(type.toString());
            } catch (BitgridException refused) {
                continue;
            }
        }
        return accepted.size() == DType.values().length ? "all" : String.join(", ", accepted).toLowerCase(Locale.ROOT);
    }

    private static String backends(OpSample sample) {
        Op op = sample.op();
        Tensor[] inputs = sample.inputs();
        if (op instanceof ViewOp) {
            return "view";
        }
        if (inputs.length == 0) {
            return "cpu";
        }
        Object kernel = Dispatch.backend(Device.CPU).kernel(op, inputs);
        if (kernel == null) {
            return op instanceof ComposedOp ? "parts" : "none";
        }
        return kernel == ReferenceBackend.definition(op.getClass()) ? "reference" : "cpu";
    }
}
