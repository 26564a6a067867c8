package io.github.visitorcounter.benchmark.pass;

/** Something that posts one message to everyone. */
interface Sender extends AutoCloseable {

    /** Makes sure that there are this many connections to post to, and no more. */
    void audience(int connections);

    /** Posts to all of them. It may return before the last answer. */
    void pass() throws InterruptedException;

    @Override
    void close();
}
