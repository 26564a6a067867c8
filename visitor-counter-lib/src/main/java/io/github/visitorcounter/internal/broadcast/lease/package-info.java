/**
 * The lease protocol: one invocation at a time broadcasts a counter, within its message budget; wake-ups start delayed
 * broadcasts.
 */
@NullMarked
package io.github.visitorcounter.internal.broadcast.lease;

import org.jspecify.annotations.NullMarked;
