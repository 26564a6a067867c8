/** Puts the parts of a running stack together. All but the types that {@code EmbeddedStack} uses is on the stack's own side. */
@NullMarked
package io.github.visitorcounter.embeddedstack.engine;

import org.jspecify.annotations.NullMarked;
