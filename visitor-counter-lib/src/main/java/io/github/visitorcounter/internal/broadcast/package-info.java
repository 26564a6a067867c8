/** Broadcasts: runs a trigger within one invocation and returns its report. */
@NullMarked
package io.github.visitorcounter.internal.broadcast;

import org.jspecify.annotations.NullMarked;
