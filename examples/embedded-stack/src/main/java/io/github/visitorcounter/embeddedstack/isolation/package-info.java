/**
 * Isolates the stack's dependencies from the project that uses it. The project and the stack share the types of
 * {@code Shared}; the web server, DynamoDB Local, and their JSON, AWS SDK and logging libraries are loaded from jars
 * inside this artifact, by a class loader that does not delegate to the project's.
 */
@NullMarked
package io.github.visitorcounter.embeddedstack.isolation;

import org.jspecify.annotations.NullMarked;
