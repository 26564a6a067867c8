/**
 * An AWS stack in one JVM: a WebSocket API with its {@code @connections} API, Lambda, DynamoDB and its Streams, and a web
 * server for the page. It runs any Java Lambda behind a WebSocket API and knows none in particular.
 *
 * <p>One event passes through the packages in this order: {@code gateway} accepts a socket and invokes a function through
 * {@code lambda}; the function writes to {@code dynamodb}; {@code stream} polls the table's stream and invokes the next
 * function; that one posts to the {@code gateway}. {@code schedule} invokes functions, too. {@code access} rejects what a
 * function's policy does not allow. {@code control} injects the faults and counts the calls of them all. {@code template}
 * describes a stack by the template that deploys it.
 */
@NullMarked
package io.github.visitorcounter.embeddedstack;

import org.jspecify.annotations.NullMarked;
