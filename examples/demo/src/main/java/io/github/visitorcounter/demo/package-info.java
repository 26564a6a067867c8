/** The library's handlers on the embedded stack: what {@code mvn -Pdemo} starts, and what the end-to-end tests run on. */
@NullMarked
package io.github.visitorcounter.demo;

import org.jspecify.annotations.NullMarked;
