/**
 * Keeps what the stack is made of apart from the project that uses it. The project sees the types of {@code Shared}; the web
 * server, DynamoDB Local, their JSON, their AWS SDK and their logging are loaded from jars inside this artifact, by a class loader
 * that does not ask the project's.
 */
@NullMarked
package io.github.visitorcounter.embeddedstack.isolation;

import org.jspecify.annotations.NullMarked;
