package io.github.visitorcounter.embeddedstack;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

class ArchitectureTest {

    private static final String STACK = "io.github.visitorcounter.embeddedstack";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(STACK);

    @Test
    void the_stack_does_not_depend_on_the_library() {
        noClasses()
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "belong to the visitor counter outside the embedded stack", ArchitectureTest::isForeign))
                .because("it serves any Java Lambda, and must not cheat for ours")
                .check(CLASSES);
    }

    @Test
    void the_parts_do_not_depend_on_each_other_in_circles() {
        slices().matching(STACK + ".(*)..")
                .should()
                .beFreeOfCycles()
                .because("an event passes through them in one direction")
                .check(CLASSES);
    }

    @Test
    void the_functions_side_depends_only_on_what_it_shares_with_the_stack() {
        classes()
                .that()
                .resideInAPackage(STACK + ".lambda.runtime")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        STACK + ".lambda.runtime",
                        "com.amazonaws.services.lambda.runtime..",
                        "org.jspecify.annotations",
                        "java..")
                .because("each function's class loader loads it anew")
                .check(CLASSES);
    }

    @Test
    void only_the_extension_needs_JUnit() {
        noClasses()
                .that()
                .resideOutsideOfPackage(STACK + ".junit")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.junit..", STACK + ".junit")
                .because("whoever starts a stack without JUnit does not have it")
                .check(CLASSES);
    }

    private static boolean isForeign(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith("io.github.visitorcounter") && !(name + ".").startsWith(STACK + ".");
    }
}
