/** Draws badges: small images with a label and a number, as SVG. */
@NullMarked
package io.github.visitorcounter.internal.badge;

import org.jspecify.annotations.NullMarked;
