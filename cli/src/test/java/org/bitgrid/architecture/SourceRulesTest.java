package org.bitgrid.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of the design that only the sources show. */
class SourceRulesTest {
    private static final int LONG_FILE = 500;
    private static final int LONGEST_FILE = 800;
    /** How the comment of a class begins to say why its file is long. */
    private static final String EXCUSE = "This file is long because";
    private static final List<String> MODULES = List.of("tensor", "autograd", "nn", "quant", "cli", "opencl-kernels");
    /** Their bits change when the compiler warms up. */
    private static final Pattern UNSTABLE = Pattern.compile("VectorOperators\\.(EXP|EXPM1|LOG|LOG10|LOG1P|POW|SIN|COS|TAN|"
            + "ASIN|ACOS|ATAN|ATAN2|SINH|COSH|TANH|CBRT|HYPOT)\\b");
    private static final Pattern REDUCTION = Pattern.compile("\\w*\\.reduceLanes(ToLong)?\\(");
    private static final Pattern EXPORT = Pattern.compile("exports\\s+([\\w.]+)\\s*;");

    private static Stream<Path> sources() {
        return MODULES.stream().flatMap(module -> Project.javaFiles(Project.root().resolve(module).resolve("src"))
                .stream());
    }

    @Test
    void filesAreShort() {
        List<String> longFiles = new ArrayList<>();
        int count = 0;
        for (Path file : sources().toList()) {
            count++;
            String text = Project.text(file);
            long lines = text.lines().count();
            if (lines > LONGEST_FILE || lines > LONG_FILE && !text.contains(EXCUSE)) {
                longFiles.add(file + " has " + lines + " lines");
            }
        }
        assertThat(longFiles).as("files over %d lines whose class comment does not say \"%s …\", or over %d", LONG_FILE,
                EXCUSE, LONGEST_FILE).isEmpty();
        assertThat(count).isGreaterThan(300);
    }

    @Test
    void vectorCodeIsTheSameBeforeAndAfterWarmingUp() {
        List<String> found = new ArrayList<>();
        for (Path file : Project.javaFiles(Project.sources("tensor"))) {
            String text = Project.text(file);
            if (UNSTABLE.matcher(text).find()) {
                found.add(file + " uses a transcendental of the Vector API");
            }
            Matcher reduction = REDUCTION.matcher(text);
            if (reduction.find() && !text.contains("// integers only")) {
                found.add(file + " folds lanes with " + reduction.group());
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void exportedPackagesExist() {
        for (String module : Project.CORE) {
            Path sources = Project.sources(module);
            Matcher exports = EXPORT.matcher(Project.text(sources.resolve("module-info.java")));
            List<String> exported = new ArrayList<>();
            while (exports.find()) {
                exported.add(exports.group(1));
            }
            assertThat(exported).as(module).isNotEmpty().doesNotHaveDuplicates();
            for (String name : exported) {
                assertThat(Project.javaFiles(sources.resolve(name.replace('.', '/')))).as(name).isNotEmpty();
            }
        }
    }

    /** Backends other than through the table are nobody's business; everything else is there to be used. */
    @Test
    void packagesAreExported() {
        TreeSet<String> hidden = new TreeSet<>();
        for (String module : Project.CORE) {
            String info = Project.text(Project.sources(module).resolve("module-info.java"));
            for (Path file : Project.javaFiles(Project.sources(module))) {
                String name = Project.sources(module).relativize(file.getParent()).toString().replace('/', '.')
                        .replace('\\', '.');
                if (!name.isEmpty() && !info.contains("exports " + name + ";")) {
                    hidden.add(name);
                }
            }
        }
        assertThat(hidden).allMatch(name -> name.startsWith("org.bitgrid.tensor.cpu"));
    }
}
