/** The adapters that the handlers use, from all packages. */
@NullMarked
package io.github.visitorcounter.internal.ports;

import org.jspecify.annotations.NullMarked;
