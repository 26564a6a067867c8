/** The interface to Lambda: events, payloads, responses, the invocation's thread and log. */
@NullMarked
package io.github.visitorcounter.internal.lambda;

import org.jspecify.annotations.NullMarked;
