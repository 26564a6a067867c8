/**
 * Whether the numbers are true: the counters held against the connections, and healed.
 */
@NullMarked
package io.github.visitorcounter.reconcile;

import org.jspecify.annotations.NullMarked;
