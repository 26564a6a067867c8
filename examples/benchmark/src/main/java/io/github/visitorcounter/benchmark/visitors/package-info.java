/** Many virtual visitors in one thread: sockets that receive numbers, and the number that each shows. */
@NullMarked
package io.github.visitorcounter.benchmark.visitors;

import org.jspecify.annotations.NullMarked;
