/** A pass: posts one message to each connection of a counter, with a concurrency that adapts to throttling. */
@NullMarked
package io.github.visitorcounter.internal.broadcast.delivery;

import org.jspecify.annotations.NullMarked;
