package io.github.visitorcounter.embeddedstack.control;

import io.github.visitorcounter.embeddedstack.isolation.Isolation;

import java.util.ArrayList;
import java.util.List;

/**
 * The faults that the stack injects. Ratios are probabilities from 0 to 1, drawn independently for each call.
 * Immutable.
 *
 * <pre>{@code
 * stack.faults(Faults.builder().post429Ratio(0.05).dynamodbConflictRatio(0.2).build());
 * }</pre>
 *
 * @param postLatencyMillis added before each answer to a post to {@code @connections}
 * @param post410Ratio posts answered 410 although the connection is open
 * @param post429Ratio posts answered 429
 * @param post500Ratio posts answered 500
 * @param postHangRatio posts that are never answered
 * @param loseDisconnectRatio closed connections whose {@code $disconnect} is never invoked
 * @param duplicateDisconnectRatio closed connections whose {@code $disconnect} is invoked twice
 * @param delayDisconnectMillis wait before {@code $disconnect} is invoked
 * @param duplicateBatchRatio stream batches delivered a second time after they succeeded
 * @param reorderBatchRatio duplicated batches that are delivered again only after the batch that follows them
 * @param failBatchRatio stream batches reported as failed after the function ran, and so retried
 * @param dynamodbLatencyMillis added before each DynamoDB call
 * @param dynamodbThrottleRatio DynamoDB calls answered with a throttling error
 * @param dynamodbConflictRatio DynamoDB transactions cancelled with {@code TransactionConflict}
 * @param falseGoneRatio calls of {@code POST} and {@code GET @connections} answered 410 although the connection is
 *     open, each independently of the calls before it. {@code post410Ratio} applies to posts only; a {@code GET} then
 *     returns the true state
 * @param lambdaThrottleRatio invocations that Lambda throttles as if the account's concurrency were used up
 * @since 0.1.0
 */
public record Faults(
        int postLatencyMillis,
        double post410Ratio,
        double post429Ratio,
        double post500Ratio,
        double postHangRatio,
        double loseDisconnectRatio,
        double duplicateDisconnectRatio,
        int delayDisconnectMillis,
        double duplicateBatchRatio,
        double reorderBatchRatio,
        double failBatchRatio,
        int dynamodbLatencyMillis,
        double dynamodbThrottleRatio,
        double dynamodbConflictRatio,
        double falseGoneRatio,
        double lambdaThrottleRatio) {

    /** No faults. */
    public static final Faults NONE = builder().build();

    /**
     * Checks the values.
     *
     * @throws InvalidFaultsException for every ratio that is not from 0 to 1, and every number of milliseconds below 0
     */
    public Faults {
        List<String> problems = new ArrayList<>();
        checkMillis("postLatencyMillis", postLatencyMillis, problems);
        checkRatio("post410Ratio", post410Ratio, problems);
        checkRatio("post429Ratio", post429Ratio, problems);
        checkRatio("post500Ratio", post500Ratio, problems);
        checkRatio("postHangRatio", postHangRatio, problems);
        checkRatio("loseDisconnectRatio", loseDisconnectRatio, problems);
        checkRatio("duplicateDisconnectRatio", duplicateDisconnectRatio, problems);
        checkMillis("delayDisconnectMillis", delayDisconnectMillis, problems);
        checkRatio("duplicateBatchRatio", duplicateBatchRatio, problems);
        checkRatio("reorderBatchRatio", reorderBatchRatio, problems);
        checkRatio("failBatchRatio", failBatchRatio, problems);
        checkMillis("dynamodbLatencyMillis", dynamodbLatencyMillis, problems);
        checkRatio("dynamodbThrottleRatio", dynamodbThrottleRatio, problems);
        checkRatio("dynamodbConflictRatio", dynamodbConflictRatio, problems);
        checkRatio("falseGoneRatio", falseGoneRatio, problems);
        checkRatio("lambdaThrottleRatio", lambdaThrottleRatio, problems);
        if (!problems.isEmpty()) {
            throw new InvalidFaultsException(problems);
        }
    }

    private static void checkRatio(String name, double ratio, List<String> problems) {
        if (!(ratio >= 0 && ratio <= 1)) {
            problems.add(name + " must be a ratio from 0 to 1, not " + ratio);
        }
    }

    private static void checkMillis(String name, int millis, List<String> problems) {
        if (millis < 0) {
            problems.add(name + " must be a whole number of milliseconds from 0, not " + millis);
        }
    }

    /** Starts a description in which every fault is off. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads faults as the control API does, for instance {@code {"post429Ratio": 0.05, "postLatencyMillis": 10}}.
     *
     * @param json the faults by name; those that are not named are off
     * @throws InvalidFaultsException if it is not a JSON object, or for every name that is unknown and value that is
     *     impossible
     */
    public static Faults parse(String json) {
        // Uses the stack's own JSON library, not the project's.
        return Isolation.<String, Faults>function(FaultsJson.class.getName() + "$Reader")
                .apply(json);
    }

    /** Builds faults; those that are not set are off. Not thread-safe. */
    public static final class Builder {

        private int postLatencyMillis;
        private double post410Ratio;
        private double post429Ratio;
        private double post500Ratio;
        private double postHangRatio;
        private double loseDisconnectRatio;
        private double duplicateDisconnectRatio;
        private int delayDisconnectMillis;
        private double duplicateBatchRatio;
        private double reorderBatchRatio;
        private double failBatchRatio;
        private int dynamodbLatencyMillis;
        private double dynamodbThrottleRatio;
        private double dynamodbConflictRatio;
        private double falseGoneRatio;
        private double lambdaThrottleRatio;

        private Builder() {}

        /** Sets what is added before each answer to a post, in milliseconds. */
        public Builder postLatencyMillis(int millis) {
            postLatencyMillis = millis;
            return this;
        }

        /** Sets the ratio of posts answered 410 although the connection is open. */
        public Builder post410Ratio(double ratio) {
            post410Ratio = ratio;
            return this;
        }

        /** Sets the ratio of posts answered 429. */
        public Builder post429Ratio(double ratio) {
            post429Ratio = ratio;
            return this;
        }

        /** Sets the ratio of posts answered 500. */
        public Builder post500Ratio(double ratio) {
            post500Ratio = ratio;
            return this;
        }

        /** Sets the ratio of posts that are never answered. */
        public Builder postHangRatio(double ratio) {
            postHangRatio = ratio;
            return this;
        }

        /** Sets the ratio of closed connections whose {@code $disconnect} is never invoked. */
        public Builder loseDisconnectRatio(double ratio) {
            loseDisconnectRatio = ratio;
            return this;
        }

        /** Sets the ratio of closed connections whose {@code $disconnect} is invoked twice. */
        public Builder duplicateDisconnectRatio(double ratio) {
            duplicateDisconnectRatio = ratio;
            return this;
        }

        /** Sets the wait before {@code $disconnect} is invoked, in milliseconds. */
        public Builder delayDisconnectMillis(int millis) {
            delayDisconnectMillis = millis;
            return this;
        }

        /** Sets the ratio of stream batches delivered a second time after they succeeded. */
        public Builder duplicateBatchRatio(double ratio) {
            duplicateBatchRatio = ratio;
            return this;
        }

        /** Sets the ratio of duplicated batches that are delivered again only after the batch that follows them. */
        public Builder reorderBatchRatio(double ratio) {
            reorderBatchRatio = ratio;
            return this;
        }

        /** Sets the ratio of stream batches reported as failed after the function ran, and so retried. */
        public Builder failBatchRatio(double ratio) {
            failBatchRatio = ratio;
            return this;
        }

        /** Sets what is added before each DynamoDB call, in milliseconds. */
        public Builder dynamodbLatencyMillis(int millis) {
            dynamodbLatencyMillis = millis;
            return this;
        }

        /** Sets the ratio of DynamoDB calls answered with a throttling error. */
        public Builder dynamodbThrottleRatio(double ratio) {
            dynamodbThrottleRatio = ratio;
            return this;
        }

        /** Sets the ratio of DynamoDB transactions cancelled with {@code TransactionConflict}. */
        public Builder dynamodbConflictRatio(double ratio) {
            dynamodbConflictRatio = ratio;
            return this;
        }

        /**
         * Sets the ratio of calls of {@code POST} and {@code GET @connections} answered 410 although the connection is
         * open, each independently of the calls before it.
         */
        public Builder falseGoneRatio(double ratio) {
            falseGoneRatio = ratio;
            return this;
        }

        /** Sets the ratio of invocations that Lambda throttles as if the account's concurrency were used up. */
        public Builder lambdaThrottleRatio(double ratio) {
            lambdaThrottleRatio = ratio;
            return this;
        }

        /**
         * The faults.
         *
         * @throws InvalidFaultsException for every ratio that is not from 0 to 1, and every number of milliseconds
         *     below 0
         */
        public Faults build() {
            return new Faults(
                    postLatencyMillis,
                    post410Ratio,
                    post429Ratio,
                    post500Ratio,
                    postHangRatio,
                    loseDisconnectRatio,
                    duplicateDisconnectRatio,
                    delayDisconnectMillis,
                    duplicateBatchRatio,
                    reorderBatchRatio,
                    failBatchRatio,
                    dynamodbLatencyMillis,
                    dynamodbThrottleRatio,
                    dynamodbConflictRatio,
                    falseGoneRatio,
                    lambdaThrottleRatio);
        }
    }
}
