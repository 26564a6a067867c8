/**
 * The counter's functions with the AWS SDK's defaults, for comparison with the library's cold start. Without nullness
 * annotations, which would be one more jar.
 */
package io.github.visitorcounter.benchmark.naive;
