/**
 * SnapStart: runs each handler's code once before the snapshot, so that the first invocation is fast.
 */
@NullMarked
package io.github.visitorcounter.internal.priming;

import org.jspecify.annotations.NullMarked;
