/**
 * Assembles the parts of a running stack. Except for the types that {@code EmbeddedStack} uses, it is on the stack's
 * own side.
 */
@NullMarked
package io.github.visitorcounter.embeddedstack.engine;

import org.jspecify.annotations.NullMarked;
