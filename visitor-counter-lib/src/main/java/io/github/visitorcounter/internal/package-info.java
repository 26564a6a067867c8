/**
 * What the handlers share. Not part of the public API: it may change in any release.
 */
@NullMarked
package io.github.visitorcounter.internal;

import org.jspecify.annotations.NullMarked;
