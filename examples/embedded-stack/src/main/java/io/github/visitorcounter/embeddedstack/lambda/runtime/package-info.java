/**
 * The classes on the function's side: each function's class loader loads them again, next to the handler. They use the
 * stack only through {@code aws-lambda-java-core}'s interfaces and the JDK's classes, which both sides share.
 */
@NullMarked
package io.github.visitorcounter.embeddedstack.lambda.runtime;

import org.jspecify.annotations.NullMarked;
