/**
 * An AWS stack in one JVM: a WebSocket API with its {@code @connections} API, Lambda, DynamoDB and its Streams, and a
 * web server for the page. It runs any Java Lambda function behind a WebSocket API.
 *
 * <p>An event passes through the packages in this order: {@code gateway} accepts a socket and invokes a function
 * through {@code lambda}; the function writes to {@code dynamodb}; {@code stream} polls the table's stream and invokes
 * the next function; that one posts to the {@code gateway}. {@code schedule} invokes functions, too. {@code access}
 * rejects what a function's policy does not allow. {@code control} injects faults into all of them and counts their
 * calls. {@code template} reads a stack from the template that deploys it.
 */
@NullMarked
package io.github.visitorcounter.embeddedstack;

import org.jspecify.annotations.NullMarked;
