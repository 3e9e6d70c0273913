package org.bitgrid.tensor.op;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bitgrid.tensor.Check;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.ShapeException;
import org.bitgrid.tensor.Tensor;
import org.bitgrid.tensor.TensorSpec;

/**
 * Einstein's summation: one letter for each dimension of each operand, and after {@code ->} the letters of the result;
 * products are summed over all letters that are not there. Without an arrow the result has the letters that occur once,
 * in alphabetical order. A letter twice in one operand takes its diagonal; {@code ...} stands for any dimensions, which
 * are broadcast. Operands are multiplied from left to right, each time as one batched matrix product.
 *
 * @param equation such as {@code bij,bjk->bik}
 */
public record Einsum(String equation) implements ComposedOp {
    /** What dimensions under an ellipsis are called, counted from the last. */
    private static final char ELLIPSIS = '\u0100';

    /** The letters of all operands and of the result, ellipses written out. */
    private record Letters(List<String> operands, String result) {
    }

    @Override
    public String name() {
        return "einsum";
    }

    private ShapeException fault(String what) {
        return new ShapeException(name(), what + "; got equation \"" + equation + "\"");
    }

    private Letters letters(List<Shape> shapes) {
        String text = equation.replace(" ", "");
        int arrow = text.indexOf("->");
        String[] parts = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
        if (parts.length != shapes.size()) {
            throw fault("equation has " + parts.length + " operands but there are " + shapes.size());
        }
        List<String> operands = new ArrayList<>();
        int widest = 0;
        for (int i = 0; i < parts.length; i++) {
            int hidden = shapes.get(i).rank() - parts[i].replace("...", "").length();
            boolean ellipsis = parts[i].contains("...");
            if (hidden < 0 || hidden > 0 && !ellipsis) {
                throw fault("operand " + i + " has " + shapes.get(i).rank() + " dimensions but " + (parts[i].replace(
                        "...", "").length()) + " letters");
            }
            operands.add(checked(parts[i], hidden));
            widest = Math.max(widest, ellipsis ? hidden : 0);
        }
        if (arrow >= 0) {
            String result = checked(text.substring(arrow + 2), widest);
            for (int i = 0; i < result.length(); i++) {
                char letter = result.charAt(i);
                if (operands.stream().noneMatch(each -> each.indexOf(letter) >= 0)) {
                    throw fault("result has a letter that no operand has: " + letter);
                }
                if (result.indexOf(letter) != i) {
                    throw fault("result has a letter twice: " + letter);
                }
            }
            return new Letters(operands, result);
        }
        Map<Character, Integer> counts = new TreeMap<>();
        operands.forEach(each -> each.chars().forEach(c -> counts.merge((char) c, 1, Integer::sum)));
        StringBuilder result = new StringBuilder(hidden(widest));
        counts.forEach((letter, count) -> {
            if (count == 1 && letter < ELLIPSIS) {
                result.append(letter);
            }
        });
        return new Letters(operands, result.toString());
    }

    private String checked(String part, int hidden) {
        String plain = part.replace("...", "");
        if (!plain.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')) {
            throw fault("dimensions are named by letters, and at most one ellipsis of three dots: \"" + part + "\"");
        }
        return part.replace("...", hidden(hidden));
    }

    private static String hidden(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = count - 1; i >= 0; i--) {
            text.append((char) (ELLIPSIS + i));
        }
        return text.toString();
    }

    private Map<Character, Integer> sizes(Letters letters, List<Shape> shapes) {
        Map<Character, Integer> sizes = new LinkedHashMap<>();
        for (int i = 0; i < shapes.size(); i++) {
            String own = letters.operands.get(i);
            for (int d = 0; d < own.length(); d++) {
                int size = shapes.get(i).dim(d);
                Integer known = sizes.get(own.charAt(d));
                if (known != null && known != size && known != 1 && size != 1) {
                    throw fault("sizes of " + own.charAt(d) + " differ: " + known + " and " + size);
                }
                sizes.merge(own.charAt(d), size, (a, b) -> a == 1 ? b : a);
            }
        }
        return sizes;
    }

    @Override
    public List<TensorSpec> infer(List<TensorSpec> inputs) {
        Check.count(name(), inputs, 1, Integer.MAX_VALUE);
        List<Shape> shapes = inputs.stream().map(TensorSpec::shape).toList();
        for (TensorSpec each : inputs) {
            Check.sameType(name(), "first operand", inputs.get(0), "another", each);
        }
        Letters letters = letters(shapes);
        for (int i = 0; i < shapes.size(); i++) {
            checkDiagonals(letters.operands.get(i), shapes.get(i));
        }
        return List.of(inputs.get(0).withShape(shape(letters.result, sizes(letters, shapes))));
    }

    private void checkDiagonals(String own, Shape shape) {
        for (int d = 0; d < own.length(); d++) {
            int first = own.indexOf(own.charAt(d));
            if (shape.dim(first) != shape.dim(d)) {
                throw fault("a diagonal needs equal sizes: " + own.charAt(d) + " is " + shape.dim(first) + " and "
                        + shape.dim(d));
            }
        }
    }

    private static Shape shape(String letters, Map<Character, Integer> sizes) {
        return Shape.of(letters.chars().map(c -> sizes.get((char) c)).toArray());
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        List<Shape> shapes = new ArrayList<>();
        for (Tensor each : inputs) {
            shapes.add(each.spec().shape());
        }
        Letters letters = letters(shapes);
        Map<Character, Integer> sizes = sizes(letters, shapes);
        Tensor x = inputs[0];
        String own = letters.operands.get(0);
        for (int next = 1; ; next++) {
            StringBuilder later = new StringBuilder(letters.result);
            letters.operands.subList(next, inputs.length).forEach(later::append);
            x = summed(diagonal(x, own), distinct(own), later.toString());
            own = kept(distinct(own), later.toString());
            if (next == inputs.length) {
                break;
            }
            String right = distinct(letters.operands.get(next));
            StringBuilder after = new StringBuilder(letters.result);
            letters.operands.subList(next + 1, inputs.length).forEach(after::append);
            Tensor y = summed(diagonal(inputs[next], letters.operands.get(next)), right, after + own);
            right = kept(right, after + own);
            x = product(x, own, y, right, after.toString(), sizes);
            own = productLetters(own, right, after.toString());
        }
        return new Tensor[] {arranged(x, own, letters.result, sizes)};
    }

    private static String distinct(String own) {
        StringBuilder text = new StringBuilder();
        own.chars().filter(c -> text.indexOf(String.valueOf((char) c)) < 0 && text.append((char) c) != null)
                .forEach(c -> { });
        return text.toString();
    }

    private static String kept(String own, String wanted) {
        StringBuilder text = new StringBuilder();
        own.chars().filter(c -> wanted.indexOf(c) >= 0).forEach(c -> text.append((char) c));
        return text.toString();
    }

    /** Replaces equal letters by their diagonal. */
    private static Tensor diagonal(Tensor x, String own) {
        String letters = own;
        for (int d = 0; d < letters.length(); d++) {
            int again = letters.indexOf(letters.charAt(d), d + 1);
            if (again >= 0) {
                // The diagonal comes last; it goes back to where the first of both was.
                x = x.diagonal(0, d, again);
                letters = letters.substring(0, again) + letters.substring(again + 1);
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < letters.length() - 1; i++) {
                    order.add(i);
                }
                order.add(d, letters.length() - 1);
                x = x.permute(order);
                d--;
            }
        }
        return x;
    }

    /** Sums over the letters that nobody wants. */
    private static Tensor summed(Tensor x, String own, String wanted) {
        List<Integer> axes = new ArrayList<>();
        for (int d = 0; d < own.length(); d++) {
            if (wanted.indexOf(own.charAt(d)) < 0) {
                axes.add(d);
            }
        }
        return axes.isEmpty() ? x : x.sum(axes, false);
    }

    private static String productLetters(String left, String right, String wanted) {
        String both = kept(kept(left, right), wanted);
        return both + kept(without(left, right), wanted) + kept(without(right, left), wanted);
    }

    private static String without(String own, String others) {
        StringBuilder text = new StringBuilder();
        own.chars().filter(c -> others.indexOf(c) < 0).forEach(c -> text.append((char) c));
        return text.toString();
    }

    /** Both as (batch, rows, inner) x (batch, inner, columns). */
    private static Tensor product(Tensor x, String left, Tensor y, String right, String wanted,
                                  Map<Character, Integer> sizes) {
        String batch = kept(kept(left, right), wanted);
        String inner = without(kept(left, right), wanted);
        String rows = without(left, right);
        String columns = without(right, left);
        int batchSize = size(batch, sizes);
        Tensor a = arranged(x, left, batch + rows + inner, sizes)
                .reshape(batchSize, size(rows, sizes), size(inner, sizes));
        Tensor b = arranged(y, right, batch + inner + columns, sizes)
                .reshape(batchSize, size(inner, sizes), size(columns, sizes));
        return a.matmul(b).reshape(shape(batch + rows + columns, sizes).toArray());
    }

    private static int size(String letters, Map<Character, Integer> sizes) {
        return Math.toIntExact(shape(letters, sizes).numel());
    }

    /** Dimensions in another order, and sizes of 1 expanded to what the others have. */
    private static Tensor arranged(Tensor x, String own, String order, Map<Character, Integer> sizes) {
        List<Integer> axes = new ArrayList<>();
        order.chars().forEach(c -> axes.add(own.indexOf(c)));
        Tensor y = own.equals(order) ? x : x.permute(axes);
        Shape target = shape(order, sizes);
        return y.spec().shape().equals(target) ? y : y.expand(target.toArray());
    }

    /** Twice the product of all sizes: exact for two operands, what the definition costs for more. */
    @Override
    public long flops(List<TensorSpec> inputs) {
        return 2 * all(inputs);
    }

    private long all(List<TensorSpec> inputs) {
        List<Shape> shapes = inputs.stream().map(TensorSpec::shape).toList();
        return sizes(letters(shapes), shapes).values().stream().mapToLong(Integer::longValue)
                .reduce(1, (a, b) -> a * b);
    }

    @Override
    public long reductionLength(List<TensorSpec> inputs) {
        return all(inputs) / Math.max(1, infer(inputs).get(0).shape().numel());
    }

    @Override
    public Signature signature() {
        List<Object> arguments = new ArrayList<>();
        arguments.add(equation);
        arguments.add(new Signature.Input(-1));
        return new Signature("torch.functional.einsum", "", arguments, Map.of());
    }
}
