/**
 * One pass over a counter's connections: a post to each, at a concurrency that adapts to throttling.
 */
@NullMarked
package io.github.visitorcounter.internal.broadcast.delivery;

import org.jspecify.annotations.NullMarked;
