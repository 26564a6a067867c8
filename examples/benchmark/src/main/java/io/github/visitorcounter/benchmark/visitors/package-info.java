/** Many visitors in one thread: sockets that hear numbers, and what each shows. */
@NullMarked
package io.github.visitorcounter.benchmark.visitors;

import org.jspecify.annotations.NullMarked;
