package io.github.visitorcounter.simulation;

/**
 * What may go wrong, and how probable it is each time that it may.
 *
 * @param crash a function dies somewhere in the middle
 * @param rejected DynamoDB or Lambda throttles, conflicts or fails, and has done nothing
 * @param unanswered DynamoDB or Lambda does not answer in time, whether it has done something or not
 * @param slow everything takes long
 * @param coldStart an invocation begins seconds after it was asked for
 * @param throttled a post is answered 429
 * @param failed a post is answered 500
 * @param falseGone a post or a probe of an open connection is answered 410
 * @param hanging a post is not answered, whether it was delivered or not
 * @param invokedTwice Lambda runs an asynchronous invocation a second time
 * @param givenUp an event source mapping gives up a batch, as after an outage
 * @param batchTwice some records come again, later
 * @param batchTwin a batch comes again while it is at work, because Lambda lost sight of it
 * @param connectTwice the event of an arrival comes twice
 * @param disconnectLost the event of a departure never comes
 * @param disconnectLate it comes up to minutes later
 * @param disconnectTwice it comes twice
 * @param slowHandshake the client hears seconds later that it is connected
 * @param impatient the client leaves before it is
 * @param vanishing the client is gone, and API Gateway finds out only minutes later
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
        double givenUp,
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
                givenUp,
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

    /** One of a hundred posts to open connections is answered 410, and three of ten disconnects are lost. */
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
                givenUp,
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

    /** Half of the kinds, each rare or frequent: what only happens when two meet is found where the others are not in the way. */
    static InjectedFaults draw(Randomness dice) {
        return new InjectedFaults(
                some(dice, 0.3),
                some(dice, 0.3),
                some(dice, 0.1),
                some(dice, 0.1),
                some(dice, 0.2),
                some(dice, 0.4),
                some(dice, 0.4),
                some(dice, 0.05),
                some(dice, 0.2),
                some(dice, 0.4),
                some(dice, 0.1),
                some(dice, 0.4),
                some(dice, 0.4),
                some(dice, 0.4),
                some(dice, 0.5),
                some(dice, 0.5),
                some(dice, 0.4),
                some(dice, 0.3),
                some(dice, 0.3),
                some(dice, 0.3));
    }

    private static double some(Randomness dice, double most) {
        double intensity = dice.fraction();
        return dice.chance(0.5) ? intensity * intensity * most : 0;
    }
}
