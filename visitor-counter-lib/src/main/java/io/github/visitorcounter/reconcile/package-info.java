/** The report of the reconcile job. */
@NullMarked
package io.github.visitorcounter.reconcile;

import org.jspecify.annotations.NullMarked;
