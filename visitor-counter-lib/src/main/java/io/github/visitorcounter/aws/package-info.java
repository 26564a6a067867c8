/**
 * The AWS side of the ports: DynamoDB tables, the {@code @connections} API, and Lambda's Invoke API.
 */
@NullMarked
package io.github.visitorcounter.aws;

import org.jspecify.annotations.NullMarked;
