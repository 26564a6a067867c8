/** The embedded stack itself: how long it takes to start, and how many sockets it holds. */
@NullMarked
package io.github.visitorcounter.benchmark.stack;

import org.jspecify.annotations.NullMarked;
