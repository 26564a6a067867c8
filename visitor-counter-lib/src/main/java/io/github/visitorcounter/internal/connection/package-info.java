/** Validation and rate limits of connect requests and client messages, and the port that reads connections. */
@NullMarked
package io.github.visitorcounter.internal.connection;

import org.jspecify.annotations.NullMarked;
