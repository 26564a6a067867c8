/** The clock, pauses, random numbers, deadlines and retries, so that tests control all of them. */
@NullMarked
package io.github.visitorcounter.internal.time;

import org.jspecify.annotations.NullMarked;
