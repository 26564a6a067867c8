/**
 * How many are here and have ever come: the counter of a site or a page.
 */
@NullMarked
package io.github.visitorcounter.count;

import org.jspecify.annotations.NullMarked;
