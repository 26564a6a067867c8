/** Tables, charts and their files. */
@NullMarked
package io.github.visitorcounter.benchmark.report;

import org.jspecify.annotations.NullMarked;
