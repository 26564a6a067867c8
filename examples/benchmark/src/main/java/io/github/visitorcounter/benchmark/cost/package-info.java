/** What a site costs, computed from what was measured. */
@NullMarked
package io.github.visitorcounter.benchmark.cost;

import org.jspecify.annotations.NullMarked;
