/**
 * What the handlers work with, gathered from all packages.
 */
@NullMarked
package io.github.visitorcounter.internal.ports;

import org.jspecify.annotations.NullMarked;
