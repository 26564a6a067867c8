/** The design that this library is measured against, ported as it is. */
@NullMarked
package io.github.visitorcounter.benchmark.original;

import org.jspecify.annotations.NullMarked;
