/**
 * The reconcile job: compares counters with connections, probes old connections, and repairs what is provably wrong.
 */
@NullMarked
package io.github.visitorcounter.internal.reconcile;

import org.jspecify.annotations.NullMarked;
