/**
 * Who is told: sends the newest count to every connection of a counter.
 */
@NullMarked
package io.github.visitorcounter.broadcast;

import org.jspecify.annotations.NullMarked;
