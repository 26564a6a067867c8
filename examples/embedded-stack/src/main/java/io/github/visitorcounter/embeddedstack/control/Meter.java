package io.github.visitorcounter.embeddedstack.control;

import java.time.Duration;

/**
 * Counts what AWS would count and bill. Every method is called once per event, from any thread.
 *
 * @since 0.1.0
 */
public interface Meter {

    /** A handshake was answered with 101. */
    void connectionAccepted();

    /** A handshake was rejected. */
    void connectionRejected();

    /**
     * An accepted connection ended.
     *
     * @param lasted how long it was open; AWS bills connection minutes
     */
    void connectionClosed(Duration lasted);

    /**
     * A client sent a message, or a route response or error frame was sent to it.
     *
     * @param bytes the size of its payload; AWS bills each 32 KB begun
     */
    void clientMessage(int bytes);

    /**
     * A call of {@code POST @connections} was answered.
     *
     * @param status the HTTP status, or 0 if it was never answered
     * @param bytes the size of its payload; AWS bills each 32 KB begun of a delivered message
     */
    void post(int status, int bytes);

    /**
     * A function was invoked.
     *
     * @param functionName its name
     * @param failed whether it threw, could not be initialised or timed out
     * @param billed how long it ran
     * @param memoryMegabytes its memory; AWS bills both together
     */
    void invocation(String functionName, boolean failed, Duration billed, int memoryMegabytes);

    /**
     * Lambda throttled an invocation: the function did not run.
     *
     * @param functionName its name
     */
    void throttled(String functionName);

    /**
     * DynamoDB answered a call.
     *
     * @param operation for instance {@code TransactWriteItems}
     * @param readUnits read capacity units consumed
     * @param writeUnits write capacity units consumed
     */
    void dynamoDbCall(String operation, double readUnits, double writeUnits);

    /**
     * A write was rejected because its item is part of an ongoing transaction.
     *
     * @param table the table of that item; called once for each such item
     */
    void dynamoDbConflict(String table);
}
