package io.github.visitorcounter.embeddedstack.isolation;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.TreeSet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

/** Types that the project's class loader and the stack's exchange must be one class for both, and visible to both. */
class SharedTypesTest {

    private static final String STACK = "io.github.visitorcounter.embeddedstack";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(STACK);

    private static final DescribedPredicate<JavaClass> SHARED =
            DescribedPredicate.describe("are shared", type -> Shared.contains(type.getName()));

    @Test
    void every_name_of_the_list_is_a_type() {
        Set<String> missing = new TreeSet<>(Shared.TYPES);
        CLASSES.forEach(type -> missing.remove(type.getName()));
        assertThat(missing).isEmpty();
    }

    @Test
    void signatures_of_shared_types_have_only_shared_types() {
        classes()
                .that(SHARED)
                .should(haveSignaturesOf(
                        type -> type.isPrimitive() || type.getName().startsWith("java.") || SHARED.test(type)))
                .because("each side would have its own copy of another one: add it to Shared.TYPES")
                .check(CLASSES);
    }

    @Test
    void members_of_shared_types_that_others_use_are_public() {
        classes()
                .that(DescribedPredicate.not(SHARED))
                .should(usePublicMembersOfSharedTypes())
                .because("a package is another one in another class loader")
                .check(CLASSES);
    }

    private static ArchCondition<JavaClass> haveSignaturesOf(java.util.function.Predicate<JavaClass> allowed) {
        return new ArchCondition<>("have only shared types in their public signatures") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaMember member : type.getMembers()) {
                    if (member.getModifiers().contains(JavaModifier.PUBLIC)) {
                        Set<JavaClass> named = new java.util.LinkedHashSet<>(member.getAllInvolvedRawTypes());
                        if (member instanceof JavaCodeUnit method) {
                            named.addAll(method.getRawParameterTypes());
                        }
                        named.stream()
                                .map(JavaClass::getBaseComponentType)
                                .filter(other -> !allowed.test(other))
                                .forEach(other -> events.add(SimpleConditionEvent.violated(
                                        member, member.getFullName() + " has " + other.getName())));
                    }
                }
            }
        };
    }

    private static ArchCondition<JavaClass> usePublicMembersOfSharedTypes() {
        return new ArchCondition<>("use only public members of shared types") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                    JavaClass owner = access.getTargetOwner();
                    boolean visible = access.getTarget()
                            .resolveMember()
                            .map(member -> member.getModifiers().contains(JavaModifier.PUBLIC))
                            .orElse(true);
                    if (SHARED.test(owner) && owner.getName().startsWith(STACK) && !visible) {
                        events.add(SimpleConditionEvent.violated(access, access.getDescription()));
                    }
                }
            }
        };
    }
}
