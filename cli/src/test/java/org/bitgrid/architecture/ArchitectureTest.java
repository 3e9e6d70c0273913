package org.bitgrid.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.jar.JarFile;
import org.bitgrid.tensor.DType;
import org.bitgrid.tensor.Device;
import org.bitgrid.tensor.Shape;
import org.bitgrid.tensor.TensorSpec;
import org.bitgrid.tensor.op.Op;
import org.bitgrid.tensor.op.Window2d;
import org.bitgrid.tensor.op.Window3d;
import org.junit.jupiter.api.Test;

/** Rules of the design that the compiler does not know. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter().importPaths(
            Project.CORE.stream().map(Project::classFolder).toList());
    private static final Set<String> JAVA_BASE = Object.class.getModule().getPackages();
    /** Of {@link Math}: results differ between JDKs; kernels use polynomials of their own, or StrictMath. */
    private static final Set<String> DIFFER_BETWEEN_JDKS = Set.of("exp", "expm1", "log", "log10", "log1p", "pow", "sin",
            "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "cbrt", "hypot");

    /** Methods that call themselves for the lists among a node's arguments, which are as deep as somebody wrote them. */
    private static final Set<String> NESTED_LISTS = Set.of("value of GraphPatch");

    /** A folder, or the jar that a full build makes. */
    private static Location location(Path classes) {
        if (Files.isDirectory(classes)) {
            return Location.of(classes);
        }
        try {
            return Location.of(new JarFile(classes.toFile()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void theCoreIsImported() {
        assertThat(CORE.size()).isGreaterThan(300);
        for (String module : Project.CORE) {
            assertThat(CORE.stream().anyMatch(type -> type.getPackageName().startsWith("org.bitgrid." + module)))
                    .as(module).isTrue();
        }
    }

    @Test
    void theCoreNeedsJavaBaseOnly() {
        DescribedPredicate<JavaClass> foreign = describe("from outside of java.base and the core", type -> {
            JavaClass element = type.getBaseComponentType();
            String name = element.getPackageName();
            return !element.isPrimitive() && !JAVA_BASE.contains(name) && !name.startsWith("jdk.incubator.vector")
                    && Project.CORE.stream().noneMatch(module -> inModule(name, module));
        });
        noClasses().should().dependOnClassesThat(foreign).check(CORE);
    }

    private static boolean inModule(String packageName, String module) {
        String root = "org.bitgrid." + module;
        return packageName.equals(root) || packageName.startsWith(root + ".");
    }

    @Test
    void modulesDependDownwardsOnly() {
        for (int i = 0; i < Project.CORE.size(); i++) {
            for (int above = i + 1; above < Project.CORE.size(); above++) {
                noClasses().that().resideInAPackage("org.bitgrid." + Project.CORE.get(i) + "..")
                        .should().dependOnClassesThat().resideInAPackage("org.bitgrid." + Project.CORE.get(above) + "..")
                        .check(CORE);
            }
        }
    }

    @Test
    void vectorsAreUsedInPanamaFilesOnly() {
        DescribedPredicate<JavaClass> elsewhere = describe("outside of files named Panama* of the seam", type ->
                !type.getPackageName().equals("org.bitgrid.tensor.cpu.simd")
                        || !type.getSource().flatMap(source -> source.getFileName()).orElse("").startsWith("Panama"));
        noClasses().that(elsewhere).should().dependOnClassesThat(resideInAPackage("jdk.incubator..")).check(CORE);
    }

    @Test
    void operatorsKnowNoBackend() {
        noClasses().that().resideInAPackage("org.bitgrid.tensor.op..").should().dependOnClassesThat()
                .resideInAPackage("org.bitgrid.tensor.cpu..").check(CORE);
    }

    /** Loops are in backends: nothing outside of tensor's backends reaches into a storage's arrays. */
    @Test
    void engineAndLayersKnowNoKernel() {
        noClasses().that().resideInAnyPackage("org.bitgrid.autograd..", "org.bitgrid.nn..", "org.bitgrid.quant..")
                .should().dependOnClassesThat().resideInAPackage("org.bitgrid.tensor.cpu..").check(CORE);
    }

    @Test
    void engineKnowsNoOperator() {
        DescribedPredicate<JavaClass> operator = describe("an operator", type -> type.isAssignableTo(Op.class)
                && !type.isInterface());
        Set<String> accumulation = Set.of("AddInPlace", "Copy");
        noClasses().that().resideInAPackage("org.bitgrid.autograd..").should().dependOnClassesThat(
                operator.and(describe("other than accumulation", type -> !accumulation.contains(type.getSimpleName()))))
                .check(CORE);
    }

    @Test
    void kernelsUseFunctionsThatAreTheSameEverywhere() {
        List<String> found = new ArrayList<>();
        for (JavaClass type : CORE) {
            if (!type.getPackageName().startsWith("org.bitgrid.tensor.cpu")) {
                continue;
            }
            for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
                if (call.getTargetOwner().isEquivalentTo(Math.class) && DIFFER_BETWEEN_JDKS.contains(call.getName())) {
                    found.add(call.getDescription());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void noReflection() {
        noClasses().should().dependOnClassesThat(resideInAPackage("java.lang.reflect..")
                .or(resideInAPackage("java.lang.invoke..").and(describe("named in sources", type ->
                        !Set.of("LambdaMetafactory", "MethodHandles", "MethodHandle", "MethodType", "CallSite",
                                "StringConcatFactory", "Lookup", "TypeDescriptor").contains(type.getSimpleName())))))
                .check(CORE);
        long byName = CORE.stream().flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isEquivalentTo(Class.class) && call.getName().equals("forName"))
                .count();
        assertThat(byName).as("calls of Class.forName").isLessThanOrEqualTo(1);
    }

    @Test
    void randomNumbersComeFromRng() {
        noClasses().should().dependOnClassesThat().belongToAnyOf(Random.class, ThreadLocalRandom.class,
                SplittableRandom.class).check(CORE);
        noClasses().should().callMethod(Math.class, "random").check(CORE);
    }

    /** Deep graphs must not exhaust the stack: what walks nodes does it in loops. */
    @Test
    void graphsAreNotWalkedByRecursion() {
        List<String> found = new ArrayList<>();
        for (JavaClass type : CORE) {
            String name = type.getPackageName();
            if (name.equals("org.bitgrid.autograd") || name.equals("org.bitgrid.nn.graph")
                    || name.equals("org.bitgrid.quant.fold")) {
                for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
                    if (call.getOrigin().getFullName().equals(call.getTarget().getFullName())
                            && !NESTED_LISTS.contains(call.getName() + " of " + type.getSimpleName())) {
                        found.add(call.getDescription());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /** Attributes that compare by value and print as what they are. */
    @Test
    void attributesOfOperatorsAreValues() throws ClassNotFoundException {
        List<String> wrong = new ArrayList<>();
        int operators = 0;
        for (JavaClass type : CORE) {
            if (!type.isAssignableTo(Op.class) || type.isInterface() || !type.isRecord()) {
                continue;
            }
            operators++;
            for (RecordComponent component : type.reflect().getRecordComponents()) {
                if (!isValue(component.getGenericType())) {
                    wrong.add(type.getName() + "." + component.getName() + " is a " + component.getGenericType());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(operators).isGreaterThan(80);
    }

    private static boolean isValue(Type type) {
        if (type instanceof ParameterizedType list) {
            return list.getRawType() == List.class && isValue(list.getActualTypeArguments()[0]);
        }
        Class<?> plain = (Class<?>) type;
        return plain.isPrimitive() || plain.isEnum() || Op.class.isAssignableFrom(plain) // a record, as is tested below
                || Set.of(Integer.class, Long.class, Double.class, Boolean.class, String.class, Shape.class, DType.class,
                        Window2d.class, Window3d.class, TensorSpec.class, Device.class).contains(plain);
    }

    @Test
    void operatorsAreRecords() {
        classes().that().areAssignableTo(Op.class).and().areNotInterfaces().and()
                .resideInAPackage("org.bitgrid.tensor.op..").should().beRecords().check(CORE);
    }
}
