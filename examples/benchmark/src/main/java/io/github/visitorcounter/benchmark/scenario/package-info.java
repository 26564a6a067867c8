/** The scenarios: one class for each kind of traffic. */
@NullMarked
package io.github.visitorcounter.benchmark.scenario;

import org.jspecify.annotations.NullMarked;
