/** SnapStart: primes each function before its snapshot, so that the first invocation is fast. */
@NullMarked
package io.github.visitorcounter.internal.priming;

import org.jspecify.annotations.NullMarked;
