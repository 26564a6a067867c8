package io.github.visitorcounter.benchmark.pass;

/** Posts one message to all connections. */
interface Sender extends AutoCloseable {

    /** Prepares exactly this number of connections. */
    void audience(int connections);

    /** Posts to all of them. It may return before the last answer. */
    void pass() throws InterruptedException;

    @Override
    void close();
}
