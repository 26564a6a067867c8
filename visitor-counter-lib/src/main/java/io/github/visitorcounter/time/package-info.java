/** How this library reads the clock, waits, and gives up. */
@NullMarked
package io.github.visitorcounter.time;

import org.jspecify.annotations.NullMarked;
