package io.github.visitorcounter.embeddedstack.junit;

import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the tests of a class with the stack of a template. The stack starts before the first test and is closed after
 * the last; see {@link EmbeddedStackExtension} for the parameters of tests.
 *
 * @since 0.1.0
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(EmbeddedStackExtension.class)
public @interface EmbeddedStackTest {

    /** The SAM or CloudFormation template; a path relative to the working directory of the tests. */
    String value();

    /** Values of the template's parameters, each {@code Name=value}; the others have their defaults. */
    String[] parameters() default {};
}
