package org.bitgrid.quant.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bitgrid.nn.io.FormatException;
import org.bitgrid.nn.io.JsonValue;

/**
 * Reads a target configuration and checks every rule of its form. Booleans are the strings "True" and "False". Errors
 * give the JSON path, the line, what is there, what could be, and for a misspelt name the one that was probably meant.
 */
final class ConfigSchema {
    private static final List<String> SECTIONS =
            List.of("defaults", "params", "op_type", "supergroups", "model_input", "model_output");
    private static final List<String> ALL_SECTIONS = with(SECTIONS, "supergroup_pass_list");
    private static final List<String> DEFAULTS = List.of("ops", "params", "strict_symmetric", "unsigned_symmetric",
            "per_channel_quantization", "supported_kernels", "hw_version");
    private static final List<String> DEFAULT_OPS = List.of("is_output_quantized", "is_input_quantized",
            "is_symmetric");
    private static final List<String> PARAM = List.of("is_quantized", "is_symmetric");
    private static final List<String> OP = List.of("is_input_quantized", "is_output_quantized", "is_symmetric",
            "params", "supported_kernels", "per_channel_quantization", "encoding_constraints");
    private static final List<String> PARAM_NAMES = List.of("weight", "bias");
    private static final List<String> OP_PARAM_NAMES = List.of("weight", "bias", "running_mean", "running_var");
    private static final List<String> HARDWARE = List.of("V66", "V68", "V69", "V73", "V75", "V79", "V81", "V85");
    private static final List<String> PASSES = List.of("LayerNormalization", "RMSNormalization", "MatmulAdd");
    private static final List<Integer> BITWIDTHS = List.of(4, 8, 16, 32);

    private ConfigSchema() {
    }

    private static List<String> with(List<String> names, String... more) {
        List<String> all = new ArrayList<>(names);
        all.addAll(Arrays.asList(more));
        return List.copyOf(all);
    }

    static QuantSimConfig read(JsonValue root, String source) {
        checkKeys(root, ALL_SECTIONS, "section");
        for (String section : SECTIONS) {
            if (!root.has(section)) {
                throw fault(root, "has no section \"" + section + "\"; got " + root.keys() + "; all of " + SECTIONS
                        + " are required, {} says nothing");
            }
        }
        JsonValue input = root.get("model_input");
        checkKeys(input, List.of("is_input_quantized"), "key");
        JsonValue output = root.get("model_output");
        checkKeys(output, List.of("is_output_quantized"), "key");
        return new QuantSimConfig(source, defaults(root.get("defaults")),
                params(root.get("params"), PARAM_NAMES), opTypes(root.get("op_type")),
                supergroups(root.get("supergroups")), passes(root),
                Boolean.TRUE.equals(onlyTrue(input, "is_input_quantized")),
                Boolean.TRUE.equals(onlyTrue(output, "is_output_quantized")));
    }

    private static DefaultRules defaults(JsonValue value) {
        checkKeys(value, DEFAULTS, "key");
        JsonValue ops = required(value, "ops");
        checkKeys(ops, DEFAULT_OPS, "key");
        if (ops.has("is_input_quantized")) {
            throw fault(ops.get("is_input_quantized"), "cannot be a default; say it for an operator type, or in "
                    + "$.model_input");
        }
        String hardware = null;
        if (value.has("hw_version")) {
            hardware = name(value.get("hw_version"), HARDWARE, "hardware version");
        }
        return new DefaultRules(onlyTrue(ops, "is_output_quantized"), bool(ops, "is_symmetric"),
                param(required(value, "params")), isTrue(value, "strict_symmetric"),
                isTrue(value, "unsigned_symmetric"), isTrue(value, "per_channel_quantization"), kernels(value),
                hardware);
    }

    private static Map<String, ParamRule> params(JsonValue value, List<String> names) {
        checkKeys(value, names, "parameter");
        Map<String, ParamRule> rules = new LinkedHashMap<>();
        value.fields().forEach((name, rule) -> rules.put(name, param(rule)));
        return rules;
    }

    private static ParamRule param(JsonValue value) {
        checkKeys(value, PARAM, "key");
        return new ParamRule(bool(value, "is_quantized"), bool(value, "is_symmetric"));
    }

    private static Map<String, OpRule> opTypes(JsonValue value) {
        checkObject(value);
        Map<String, OpRule> rules = new LinkedHashMap<>();
        value.fields().forEach((type, rule) -> {
            checkType(rule, type);
            rules.put(type, op(rule));
        });
        return rules;
    }

    private static OpRule op(JsonValue value) {
        checkKeys(value, OP, "key");
        Map<String, ParamRule> params = value.has("params") ? params(value.get("params"), OP_PARAM_NAMES) : Map.of();
        EncodingConstraints constraints = value.has("encoding_constraints")
                ? constraints(value.get("encoding_constraints")) : null;
        return new OpRule(onlyTrue(value, "is_input_quantized"), bool(value, "is_output_quantized"),
                bool(value, "is_symmetric"), params, kernels(value), bool(value, "per_channel_quantization"),
                constraints);
    }

    private static EncodingConstraints constraints(JsonValue value) {
        checkKeys(value, List.of("min", "max"), "key");
        Double min = number(value, "min");
        Double max = number(value, "max");
        if (min == null && max == null) {
            throw fault(value, "must have min, max or both; got {}");
        }
        if (min != null && max != null && !(min < max)) {
            throw fault(value, "must have a min below its max; got " + min + " and " + max);
        }
        return new EncodingConstraints(min, max);
    }

    private static Double number(JsonValue object, String key) {
        if (!object.has(key)) {
            return null;
        }
        double number = object.get(key).asDouble();
        if (!(Math.abs(number) <= Float.MAX_VALUE)) {
            throw fault(object.get(key), "must be a finite number; got " + object.get(key));
        }
        return number;
    }

    private static List<SupportedKernel> kernels(JsonValue object) {
        if (!object.has("supported_kernels")) {
            return List.of();
        }
        List<SupportedKernel> kernels = new ArrayList<>();
        for (JsonValue item : object.get("supported_kernels").items()) {
            checkKeys(item, List.of("activation", "param"), "key");
            kernels.add(new SupportedKernel(kernelType(required(item, "activation")),
                    item.has("param") ? kernelType(item.get("param")) : null));
        }
        return kernels;
    }

    private static KernelType kernelType(JsonValue value) {
        checkKeys(value, List.of("bitwidth", "dtype"), "key");
        JsonValue bits = required(value, "bitwidth");
        int bitwidth = bits.asInt();
        boolean isFloat = name(required(value, "dtype"), List.of("int", "float"), "type").equals("float");
        List<Integer> possible = isFloat ? List.of(16, 32) : BITWIDTHS;
        if (!possible.contains(bitwidth)) {
            throw fault(bits, "must be one of " + possible + (isFloat ? " for float" : "") + "; got " + bitwidth);
        }
        return new KernelType(bitwidth, isFloat);
    }

    private static List<List<String>> supergroups(JsonValue value) {
        List<List<String>> groups = new ArrayList<>();
        for (JsonValue item : value.items()) {
            checkKeys(item, List.of("op_list"), "key");
            JsonValue list = required(item, "op_list");
            if (list.size() < 2 || !list.isArray()) {
                throw fault(list, "must be an array of at least two operator types; got " + list);
            }
            list.items().forEach(type -> checkType(type, type.asString()));
            groups.add(list.asStrings());
        }
        return groups;
    }

    private static List<String> passes(JsonValue root) {
        if (!root.has("supergroup_pass_list")) {
            return List.of();
        }
        JsonValue list = root.get("supergroup_pass_list");
        list.items().forEach(item -> name(item, PASSES, "pass"));
        return list.asStrings();
    }

    // ------------------------------------------------------------------ pieces

    private static void checkType(JsonValue where, String type) {
        if (!OpTypeNames.isKnown(type)) {
            throw fault(where, "is no operator type; got \"" + type + "\"" + NearestName.hint(type, OpTypeNames.all()));
        }
    }

    private static void checkObject(JsonValue value) {
        if (!value.isObject()) {
            throw fault(value, "must be an object; got " + value.kind());
        }
    }

    private static void checkKeys(JsonValue value, List<String> valid, String what) {
        checkObject(value);
        for (String key : value.keys()) {
            if (!valid.contains(key)) {
                throw fault(value.get(key), "is no " + what + " here; got \"" + key + "\""
                        + NearestName.hint(key, valid));
            }
        }
    }

    private static JsonValue required(JsonValue object, String key) {
        return object.find(key).orElseThrow(() ->
                fault(object, "has no \"" + key + "\"; got " + object.keys() + "; it is required"));
    }

    private static String name(JsonValue value, List<String> valid, String what) {
        String name = value.asString();
        if (!valid.contains(name)) {
            throw fault(value, "is no " + what + "; got \"" + name + "\"" + NearestName.hint(name, valid));
        }
        return name;
    }

    private static boolean isTrue(JsonValue object, String key) {
        return Boolean.TRUE.equals(bool(object, key));
    }

    /** A boolean that can only be left out or be "True". */
    private static Boolean onlyTrue(JsonValue object, String key) {
        Boolean value = bool(object, key);
        if (Boolean.FALSE.equals(value)) {
            throw fault(object.get(key), "must be \"True\" or absent; got \"False\"");
        }
        return value;
    }

    private static Boolean bool(JsonValue object, String key) {
        JsonValue value = object.find(key).orElse(null);
        if (value == null) {
            return null;
        }
        if (!value.isString() || !value.asString().equals("True") && !value.asString().equals("False")) {
            throw fault(value, "must be the string \"True\" or \"False\"; got " + shortened(value));
        }
        return value.asString().equals("True");
    }

    private static String shortened(JsonValue value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private static FormatException fault(JsonValue value, String fault) {
        return value.error(fault);
    }
}
