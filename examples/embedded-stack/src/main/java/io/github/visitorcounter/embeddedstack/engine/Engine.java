package io.github.visitorcounter.embeddedstack.engine;

/**
 * Instantiated by name on the stack's own side.
 *
 * @since 0.1.0
 */
public final class Engine implements StackEngine {

    /** Creates one. */
    public Engine() {}

    @Override
    public RunningStack start(StackDescription description) {
        Shutdown shutdown = new Shutdown();
        boolean started = false;
        try {
            RunningStack stack = new Parts(description, shutdown);
            started = true;
            return stack;
        } finally {
            if (!started) {
                shutdown.run();
            }
        }
    }
}
