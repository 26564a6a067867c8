/** Measures cold starts: how long a visitor waits for a function that is not running. */
@NullMarked
package io.github.visitorcounter.benchmark.cold;

import org.jspecify.annotations.NullMarked;
