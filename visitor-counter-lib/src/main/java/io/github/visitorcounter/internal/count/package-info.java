/** The rules of counting: visits, the rows of a counter, and the port that changes them. */
@NullMarked
package io.github.visitorcounter.internal.count;

import org.jspecify.annotations.NullMarked;
