package org.bitgrid.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTest {
    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("", "end of the text; at line 1, column 1 of text; expected more"),
                Arguments.of("{\n  \"a\": 1,\n}", "got '}'; at line 3, column 1 of text; expected a key"),
                Arguments.of("[1, 2,]", "got ']'; at line 1, column 7 of text; expected a value"),
                Arguments.of("{\"a\" 1}", "got '1'; at line 1, column 6 of text; expected ':' after a key"),
                Arguments.of("{\"a\": 1, \"a\": 2}", "key \"a\" appears twice in one object; at line 1, column 10"),
                Arguments.of("NaN", "got 'N'; at line 1, column 1"),
                Arguments.of("[-Infinity]", "got 'I' in a number; at line 1, column 3"),
                Arguments.of("01", "number starts with 0"),
                Arguments.of("1.", "got the end of the text"),
                Arguments.of("+1", "got '+'"),
                Arguments.of("1e999", "number is too large; got 1e999"),
                Arguments.of("\"a\nb\"", "got character U+000A inside a string"),
                Arguments.of("\"\\x\"", "got 'x' after a backslash"),
                Arguments.of("\"\\u12g4\"", "got 'g' in a \\u escape"),
                Arguments.of("\"\\ud800\"", "half of a surrogate pair"),
                Arguments.of("\"\\ud800\\u0041\"", "half of a surrogate pair"),
                Arguments.of("\"\\udc00\"", "half of a surrogate pair"),
                Arguments.of("\"abc", "got the end of the text"),
                Arguments.of("true false", "got 'f' after the value; at line 1, column 6 of text; expected the end"),
                Arguments.of("tru", "got 't'"),
                Arguments.of("// no\n1", "got '/'"),
                Arguments.of("\ufeff1", "got character U+FEFF"),
                Arguments.of("[".repeat(100_000), "nesting is too deep"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWithLineAndColumn(String text, String message) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(FormatException.class)
                .hasMessageStartingWith("json: ").hasMessageContaining(message);
    }

    @Test
    void readsAllKindsOfValues() {
        JsonValue value = Json.parse("""
                {"text": "a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00", "whole": -12, "real": 1.5e-3,
                 "yes": true, "no": false, "nothing": null, "list": [1, [2], {}], "big": 123456789012345678901}""");
        assertThat(value.get("text").asString()).isEqualTo("a\"\\/\b\f\n\r\té\ud83d\ude00");
        assertThat(value.get("whole").asInt()).isEqualTo(-12);
        assertThat(value.get("real").asDouble()).isEqualTo(0.0015);
        assertThat(value.get("yes").asBoolean()).isTrue();
        assertThat(value.get("no").asBoolean()).isFalse();
        assertThat(value.get("nothing").isNull()).isTrue();
        assertThat(value.get("list").get(1).asInts()).containsExactly(2);
        assertThat(value.get("list").size()).isEqualTo(3);
        assertThat(value.get("big").asDouble()).isEqualTo(123456789012345678901.0);
        assertThat(value.find("absent")).isEmpty();
        assertThat(value.keys()).startsWith("text", "whole", "real");
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("a", 1L);
        expected.put("b", Arrays.asList(1.0, null, true));
        assertThat(Json.parse("{\"a\": 1, \"b\": [1.0, null, true]}").toJava()).isEqualTo(expected);
    }

    @Test
    void wrongKindsNameTheirPathAndPlace() {
        JsonValue value = Json.parse("{\"op\": {\"list\": [1, \"x\", 2.5, 3000000000]}}", "config.json");
        JsonValue list = value.get("op").get("list");
        assertThatThrownBy(() -> list.get(1).asInt()).hasMessage(
                "config.json: $.op.list[1] must be a number; got a string; at line 1, column 21");
        assertThatThrownBy(() -> list.get(2).asLong()).hasMessageContaining("must be a whole number");
        assertThatThrownBy(() -> list.get(3).asInt()).hasMessageContaining("at most 32 bits; got 3000000000");
        assertThatThrownBy(() -> list.get(4)).hasMessageContaining("$.op.list has 4 items; got index 4");
        assertThatThrownBy(() -> value.get("no")).hasMessageContaining("has no field \"no\"; got [op]");
        assertThatThrownBy(() -> value.items()).hasMessageContaining("$ must be an array; got an object");
    }

    @Test
    void writesAsPythonDoes() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("b", List.of(1, 2.0, 1e-5));
        value.put("a", "é\u007f\ud83d\ude00\"\\\n");
        value.put("c", new LinkedHashMap<>());
        value.put("d", List.of());
        value.put("e", null);
        assertThat(Json.format(value, JsonStyle.LINE)).isEqualTo("{\"b\": [1, 2.0, 1e-05], "
                + "\"a\": \"\\u00e9\\u007f\\ud83d\\ude00\\\"\\\\\\n\", \"c\": {}, \"d\": [], \"e\": null}");
        assertThat(Json.format(Map.of("x", new int[] {1, 2}), JsonStyle.COMPACT)).isEqualTo("{\"x\":[1,2]}");
        assertThat(Json.format(Json.parse("{\"b\": [1, {\"z\": true}], \"a\": {}}"), JsonStyle.INDENTED_SORTED))
                .isEqualTo("""
                        {
                            "a": {},
                            "b": [
                                1,
                                {
                                    "z": true
                                }
                            ]
                        }""");
    }

    @Test
    void refusesToWriteWhatJsonCannotSay() {
        assertThatThrownBy(() -> Json.format(Double.NaN, JsonStyle.LINE)).hasMessageContaining("must be finite");
        assertThatThrownBy(() -> Json.format(new Object(), JsonStyle.LINE)).hasMessageContaining("java.lang.Object");
        assertThatThrownBy(() -> Json.format(Map.of(1, 2), JsonStyle.LINE)).hasMessageContaining("keys must be");
        List<Object> loop = new ArrayList<>();
        loop.add(loop);
        assertThatThrownBy(() -> Json.format(loop, JsonStyle.LINE)).hasMessageContaining("contain itself");
    }

    @Test
    void readsAndWritesFiles(@TempDir Path folder) {
        Path file = folder.resolve("new").resolve("a.json");
        Json.write(file, Map.of("x", 1), JsonStyle.LINE);
        assertThat(Json.read(file).get("x").asInt()).isEqualTo(1);
        assertThatThrownBy(() -> Json.read(folder.resolve("absent.json"))).isInstanceOf(FileException.class)
                .hasMessageContaining("no such file").hasMessageContaining("absent.json");
        byte[] latin = "\"é\"".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Json.parse(latin, "x.json")).isInstanceOf(FormatException.class)
                .hasMessageContaining("x.json is not UTF-8; got an invalid sequence at byte 1 of 3");
    }
}
