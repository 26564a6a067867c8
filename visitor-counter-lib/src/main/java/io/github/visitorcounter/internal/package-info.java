/**
 * What is not API: it may change in any release. This package connects the ports to AWS; its subpackages follow the
 * flow of an event.
 */
@NullMarked
package io.github.visitorcounter.internal;

import org.jspecify.annotations.NullMarked;
