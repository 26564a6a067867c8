package io.github.visitorcounter;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

class ArchitectureTest {

    private static final String ROOT = "io.github.visitorcounter";

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void only_the_adapters_and_the_handlers_wiring_know_the_sdk() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + ".connection..",
                        ROOT + ".count..",
                        ROOT + ".broadcast..",
                        ROOT + ".reconcile..",
                        ROOT + ".time..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..", ROOT + ".aws..", ROOT + ".internal..", "com.amazonaws..")
                .because("the ports must be replaceable, and the logic testable without AWS")
                .check(LIBRARY);
    }

    @Test
    void who_is_here_knows_nothing_of_how_many_and_how_many_nothing_of_who_is_told() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".connection..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".count..").or(resideInAPackage(ROOT + ".broadcast..")))
                .because("the packages follow the flow of an event")
                .check(LIBRARY);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".count..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".broadcast.."))
                .because("the packages follow the flow of an event")
                .check(LIBRARY);
    }

    @Test
    void packages_below_the_root_do_not_depend_on_each_other_in_circles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(LIBRARY);
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
                .doNotHaveSimpleName("ReconcileHandler")
                .and()
                .doNotHaveSimpleName("VisitorCounterException")
                .should()
                .haveModifier(JavaModifier.FINAL)
                .because("what can be extended is a promise")
                .check(LIBRARY);
    }

    @Test
    void random_numbers_are_the_operating_system_s() {
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
    void time_passes_only_through_the_timekeeper() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("SystemTimekeeper")
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
