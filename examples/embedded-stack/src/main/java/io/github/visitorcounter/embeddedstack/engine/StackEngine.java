package io.github.visitorcounter.embeddedstack.engine;

import io.github.visitorcounter.embeddedstack.StackStartException;

/**
 * Starts stacks, on the stack's own side.
 *
 * @since 0.1.0
 */
public interface StackEngine {

    /**
     * Starts a stack.
     *
     * @throws StackStartException if a port is taken
     * @throws RuntimeException if a definition refers to another that does not exist, or a function cannot be
     *     initialised; nothing is left running
     */
    RunningStack start(StackDescription description);
}
