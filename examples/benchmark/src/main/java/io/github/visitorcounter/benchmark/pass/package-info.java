/** One pass over many connections that only exist in the table, posted to a plain HTTP endpoint. */
@NullMarked
package io.github.visitorcounter.benchmark.pass;

import org.jspecify.annotations.NullMarked;
