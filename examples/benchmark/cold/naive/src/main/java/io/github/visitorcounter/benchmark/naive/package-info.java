/**
 * The counter's functions with whatever the AWS SDK takes by default: what the library's start is compared with. Without
 * nullness annotations, which would be one more jar.
 */
package io.github.visitorcounter.benchmark.naive;
