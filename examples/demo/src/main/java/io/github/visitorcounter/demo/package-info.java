/** The library's handlers on the embedded stack, for {@code mvn -Pdemo} and the end-to-end tests. */
@NullMarked
package io.github.visitorcounter.demo;

import org.jspecify.annotations.NullMarked;
