/** The design that this library is compared with, ported unchanged. */
@NullMarked
package io.github.visitorcounter.benchmark.original;

import org.jspecify.annotations.NullMarked;
