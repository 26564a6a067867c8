/** Measures the original design and this library with the same traffic, in one run. */
@NullMarked
package io.github.visitorcounter.benchmark;

import org.jspecify.annotations.NullMarked;
