/** Tables and charts, and where they are written. */
@NullMarked
package io.github.visitorcounter.benchmark.report;

import org.jspecify.annotations.NullMarked;
