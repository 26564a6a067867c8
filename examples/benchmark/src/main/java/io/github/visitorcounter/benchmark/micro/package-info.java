/** Micro-costs, measured by JMH. */
@NullMarked
package io.github.visitorcounter.benchmark.micro;

import org.jspecify.annotations.NullMarked;
