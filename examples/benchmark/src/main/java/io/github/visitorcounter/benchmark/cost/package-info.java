/** The cost of a site, computed from the measurements. */
@NullMarked
package io.github.visitorcounter.benchmark.cost;

import org.jspecify.annotations.NullMarked;
