package io.github.visitorcounter;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTest {

    private static final String ROOT = "io.github.visitorcounter";

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /**
     * Each package may use those before it. The root package is used at both ends: its handlers use all packages, and
     * all packages use its exceptions and settings.
     */
    private static final List<String> ORDER = List.of(
            "internal.time",
            "connection",
            "count",
            "broadcast",
            "reconcile",
            "internal.count",
            "internal.badge",
            "internal.connection",
            "internal.broadcast.lease",
            "internal.broadcast.delivery",
            "internal.broadcast",
            "internal.reconcile",
            "internal.ports",
            "internal.lambda",
            "internal.aws",
            "internal.dynamodb",
            "internal.priming",
            "internal");

    /** The packages for users. */
    private static final Set<String> API =
            Set.of(ROOT, ROOT + ".connection", ROOT + ".count", ROOT + ".broadcast", ROOT + ".reconcile");

    private static final int MAX_PUBLIC_TYPES = 35;

    private static final Set<String> ADAPTERS =
            Set.of("internal.lambda", "internal.aws", "internal.dynamodb", "internal.priming", "internal");

    @Test
    void packages_use_only_preceding_packages() {
        for (int i = 0; i < ORDER.size(); i++) {
            String[] later = ORDER.subList(i + 1, ORDER.size()).stream()
                    .map(name -> ROOT + "." + name)
                    .toArray(String[]::new);
            if (later.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage(ROOT + "." + ORDER.get(i))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(later)
                        .because("the packages follow the flow of an event")
                        .check(LIBRARY);
            }
        }
    }

    @Test
    void every_package_is_listed() {
        assertThat(LIBRARY.stream()
                        .map(type -> type.getPackageName())
                        .filter(name -> name.startsWith(ROOT + ".") && !name.startsWith(ROOT + ".embeddedstack"))
                        .map(name -> name.substring(ROOT.length() + 1))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(ORDER);
    }

    /** The public API, which the first release freezes. */
    @Test
    void public_api_contains_only_listed_types() {
        assertThat(publicApi().map(JavaClass::getFullName)).hasSizeLessThanOrEqualTo(MAX_PUBLIC_TYPES);
    }

    /** The jar is no module (see the pom), so the compiler does not check this. */
    @Test
    void public_api_mentions_no_internal_type() {
        assertThat(publicApi().flatMap(ArchitectureTest::internalTypesInSignatures))
                .as("only this project's test doubles may need one")
                .containsExactly(
                        "io.github.visitorcounter.Ports.of(io.github.visitorcounter.internal.ports.HandlerPorts)");
    }

    /** Nested types count, too. */
    private static Stream<JavaClass> publicApi() {
        return LIBRARY.stream()
                .filter(type -> API.contains(type.getPackageName()))
                .filter(ArchitectureTest::isVisible)
                .sorted(Comparator.comparing(JavaClass::getFullName));
    }

    private static boolean isVisible(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Stream<String> internalTypesInSignatures(JavaClass type) {
        Stream<String> members = type.getMembers().stream()
                .filter(member -> isVisible(member.getModifiers()))
                .filter(member -> typesOf(member).anyMatch(ArchitectureTest::isInternal))
                .map(JavaMember::getFullName);
        boolean inheritsInternal = Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
                .anyMatch(ArchitectureTest::isInternal);
        return inheritsInternal ? Stream.concat(Stream.of(type.getFullName()), members) : members;
    }

    private static Stream<JavaClass> typesOf(JavaMember member) {
        if (member instanceof JavaField field) {
            return field.getType().getAllInvolvedRawTypes().stream();
        }
        JavaCodeUnit method = (JavaCodeUnit) member;
        return Stream.of(
                        method.getReturnType().getAllInvolvedRawTypes().stream(),
                        method.getParameterTypes().stream().flatMap(each -> each.getAllInvolvedRawTypes().stream()),
                        method.getExceptionTypes().stream())
                .flatMap(types -> types);
    }

    private static boolean isInternal(JavaClass type) {
        return type.getPackageName().startsWith(ROOT + ".internal");
    }

    @Test
    void only_adapters_know_the_sdk() {
        noClasses()
                .that()
                .resideInAnyPackage(ORDER.stream()
                        .filter(name -> !ADAPTERS.contains(name))
                        .map(name -> ROOT + "." + name)
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..", "com.amazonaws..")
                .because("the ports must be replaceable, and the logic testable without AWS")
                .check(LIBRARY);
    }

    @Test
    void public_classes_are_final_unless_made_to_be_extended() {
        classes()
                .that()
                .arePublic()
                .and()
                .areNotInterfaces()
                .and()
                .doNotHaveSimpleName("ConnectHandler")
                .and()
                .doNotHaveSimpleName("DisconnectHandler")
                .and()
                .doNotHaveSimpleName("StreamBroadcastHandler")
                .and()
                .doNotHaveSimpleName("MessageHandler")
                .and()
                .doNotHaveSimpleName("CountHandler")
                .and()
                .doNotHaveSimpleName("ReconcileHandler")
                .and()
                .doNotHaveSimpleName("VisitorCounterException")
                .should()
                .haveModifier(JavaModifier.FINAL)
                .because("what can be extended is a promise")
                .check(LIBRARY);
    }

    @Test
    void random_numbers_come_from_the_operating_system() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".embeddedstack..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Random.class, ThreadLocalRandom.class, SplittableRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .because("all functions that are restored from a snapshot would draw the same numbers")
                .check(LIBRARY);
    }

    @Test
    void only_the_time_source_reads_the_clock() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("SystemTimeSource")
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("tests and simulations move time by themselves")
                .check(LIBRARY);
    }
}
