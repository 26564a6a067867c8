/**
 * Broadcasts: one invocation's way from a trigger to its report.
 */
@NullMarked
package io.github.visitorcounter.internal.broadcast;

import org.jspecify.annotations.NullMarked;
