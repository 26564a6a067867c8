/** The count of a counter, and what it counts. */
@NullMarked
package io.github.visitorcounter.count;

import org.jspecify.annotations.NullMarked;
