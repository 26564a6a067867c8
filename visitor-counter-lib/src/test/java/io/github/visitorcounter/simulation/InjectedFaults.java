package io.github.visitorcounter.simulation;

/**
 * The faults of a run, each with its probability per opportunity.
 *
 * @param crash a function crashes at a random step
 * @param rejected DynamoDB or Lambda throttles, conflicts or fails, without any effect
 * @param unanswered a call of DynamoDB or Lambda times out, with or without an effect
 * @param slow a call takes much longer
 * @param coldStart an invocation begins seconds after its request
 * @param throttled a post is answered 429
 * @param failed a post is answered 500
 * @param falseGone a post or a probe of an open connection is answered 410
 * @param hanging a post times out, delivered or not
 * @param invokedTwice Lambda runs an asynchronous invocation a second time
 * @param discarded an event source mapping discards a batch, as after an outage
 * @param batchTwice some records are delivered again, later
 * @param batchTwin a batch is delivered again while it is being processed
 * @param connectTwice a connect event is delivered twice
 * @param disconnectLost a disconnect event is lost
 * @param disconnectLate a disconnect event is delivered up to minutes late
 * @param disconnectTwice a disconnect event is delivered twice
 * @param slowHandshake the client receives the handshake's answer seconds later
 * @param impatient the client closes during the handshake
 * @param vanishing the client vanishes, and API Gateway notices only minutes later
 */
record InjectedFaults(
        double crash,
        double rejected,
        double unanswered,
        double slow,
        double coldStart,
        double throttled,
        double failed,
        double falseGone,
        double hanging,
        double invokedTwice,
        double discarded,
        double batchTwice,
        double batchTwin,
        double connectTwice,
        double disconnectLost,
        double disconnectLate,
        double disconnectTwice,
        double slowHandshake,
        double impatient,
        double vanishing) {

    static final InjectedFaults NONE = new InjectedFaults(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    InjectedFaults withHanging(double probability) {
        return new InjectedFaults(
                crash,
                rejected,
                unanswered,
                slow,
                coldStart,
                throttled,
                failed,
                falseGone,
                probability,
                invokedTwice,
                discarded,
                batchTwice,
                batchTwin,
                connectTwice,
                disconnectLost,
                disconnectLate,
                disconnectTwice,
                slowHandshake,
                impatient,
                vanishing);
    }

    /** 1 % of the posts to open connections are answered 410, and 30 % of the disconnect events are lost. */
    static final InjectedFaults FALSE_GONE =
            new InjectedFaults(0, 0, 0, 0, 0, 0, 0, 0.01, 0, 0, 0, 0, 0, 0, 0.3, 0, 0, 0, 0, 0);

    InjectedFaults withCrashes(double probability) {
        return new InjectedFaults(
                probability,
                rejected,
                unanswered,
                slow,
                coldStart,
                throttled,
                failed,
                falseGone,
                hanging,
                invokedTwice,
                discarded,
                batchTwice,
                batchTwin,
                connectTwice,
                disconnectLost,
                disconnectLate,
                disconnectTwice,
                slowHandshake,
                impatient,
                vanishing);
    }

    /**
     * Draws half of the kinds, each rare or frequent, so that a combination of two is also tested without the others.
     */
    static InjectedFaults draw(Randomness random) {
        return new InjectedFaults(
                some(random, 0.3),
                some(random, 0.3),
                some(random, 0.1),
                some(random, 0.1),
                some(random, 0.2),
                some(random, 0.4),
                some(random, 0.4),
                some(random, 0.05),
                some(random, 0.2),
                some(random, 0.4),
                some(random, 0.1),
                some(random, 0.4),
                some(random, 0.4),
                some(random, 0.4),
                some(random, 0.5),
                some(random, 0.5),
                some(random, 0.4),
                some(random, 0.3),
                some(random, 0.3),
                some(random, 0.3));
    }

    private static double some(Randomness random, double max) {
        double intensity = random.fraction();
        return random.chance(0.5) ? intensity * intensity * max : 0;
    }
}
