package io.github.visitorcounter.embeddedstack.stream;

import io.github.visitorcounter.embeddedstack.isolation.Isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Invokes a function with batches of a table's stream records. The settings are those of AWS's
 * {@code CreateEventSourceMapping}, with the same names, defaults and ranges. Immutable.
 *
 * <p>A batch is delivered when its window has ended, when it is full, or when its payload reaches 6 MB, whichever comes
 * first, as in "Batching behavior" on <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching">How
 * Lambda processes records from stream and queue-based event sources</a>. On AWS, a window begins as soon as the
 * previous invocation completes; the behaviour without records is not documented. Here a window without records begins
 * with the first record; on AWS an idle window may already be running, so a record may wait for a shorter time. Records
 * that no filter matches are dropped first: they neither begin a window nor count towards the batch size.
 *
 * @param tableName a table with a stream
 * @param functionName the function to invoke
 * @param batchSize the maximum number of records in a batch, 1 to 10,000; 100 by default
 * @param maximumBatchingWindowInSeconds the maximum time to collect records before an invocation, in whole seconds from
 *     0 to 300; 0 by default, which invokes the function as soon as there are records
 * @param parallelizationFactor only 1 is emulated
 * @param maximumRetryAttempts how often a failed batch is retried, 0 to 10,000, or -1 (the default) until its records
 *     expire
 * @param maximumRecordAgeInSeconds the age past which a record is discarded, 60 to 604,800, or -1 (the default) for the
 *     stream's 24 hours. Measured here from the time of the poll, because DynamoDB Local truncates a record's time to
 *     the minute
 * @param bisectBatchOnFunctionError whether a failed batch is split in two before it is retried; false by default
 * @param reportBatchItemFailures whether the function's response contains the first failed record; false by default
 * @param startingPosition where to start; {@code TRIM_HORIZON} by default
 * @param filters JSON patterns, of which a record must match one; at most 10, none by default
 * @param enabled whether it polls; true by default
 * @since 0.1.0
 */
public record EventSourceMapping(
        String tableName,
        String functionName,
        int batchSize,
        int maximumBatchingWindowInSeconds,
        int parallelizationFactor,
        int maximumRetryAttempts,
        int maximumRecordAgeInSeconds,
        boolean bisectBatchOnFunctionError,
        boolean reportBatchItemFailures,
        StartingPosition startingPosition,
        List<String> filters,
        boolean enabled) {

    /** Stands for "until the record expires". */
    public static final int UNLIMITED = -1;

    private static final int MAX_FILTERS = 10;

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if settings are out of range or filters are not patterns; the message lists
     *     every problem
     */
    public EventSourceMapping {
        filters = List.copyOf(filters);
        List<String> errors = new ArrayList<>();
        inRange(errors, "batchSize", batchSize, 1, 10_000);
        inRange(errors, "maximumBatchingWindowInSeconds", maximumBatchingWindowInSeconds, 0, 300);
        if (parallelizationFactor != 1) {
            errors.add("parallelizationFactor is " + parallelizationFactor
                    + ": this stack delivers one batch at a time for each shard; leave it at 1");
        }
        inRange(errors, "maximumRetryAttempts", maximumRetryAttempts, UNLIMITED, 10_000);
        if (maximumRecordAgeInSeconds != UNLIMITED) {
            inRange(errors, "maximumRecordAgeInSeconds", maximumRecordAgeInSeconds, 60, 604_800);
        }
        if (filters.size() > MAX_FILTERS) {
            errors.add("filters has " + filters.size() + " patterns: at most " + MAX_FILTERS + " are allowed");
        }
        if (!filters.isEmpty()) {
            checkPatterns(errors, filters);
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("event source mapping of table '" + tableName + "' to function '"
                    + functionName + "': " + String.join("; ", errors));
        }
    }

    /** Uses the stack's own JSON library, not the project's. */
    private static void checkPatterns(List<String> errors, List<String> filters) {
        Consumer<String> check = Isolation.consumer(FilterPattern.class.getName() + "$Check");
        filters.forEach(filter -> {
            try {
                check.accept(filter);
            } catch (IllegalArgumentException wrong) {
                errors.add(String.valueOf(wrong.getMessage()));
            }
        });
    }

    private static void inRange(List<String> errors, String name, int value, int min, int max) {
        if (value < min || value > max) {
            errors.add(name + " is " + value + ": it must be from " + min + " to " + max);
        }
    }

    /**
     * Starts a mapping with AWS's defaults.
     *
     * @param tableName a table with a stream
     * @param functionName the function to invoke
     */
    public static Builder builder(String tableName, String functionName) {
        return new Builder(tableName, functionName);
    }

    /** Builds a mapping; the record's components describe the settings. */
    public static final class Builder {

        private final String tableName;
        private final String functionName;
        private int batchSize = 100;
        private int maximumBatchingWindowInSeconds;
        private int parallelizationFactor = 1;
        private int maximumRetryAttempts = UNLIMITED;
        private int maximumRecordAgeInSeconds = UNLIMITED;
        private boolean bisectBatchOnFunctionError;
        private boolean reportBatchItemFailures;
        private StartingPosition startingPosition = StartingPosition.TRIM_HORIZON;
        private final List<String> filters = new ArrayList<>();
        private boolean enabled = true;

        private Builder(String tableName, String functionName) {
            this.tableName = tableName;
            this.functionName = functionName;
        }

        /** Sets the maximum number of records in a batch. */
        public Builder batchSize(int records) {
            batchSize = records;
            return this;
        }

        /** Sets the maximum time to collect records. */
        public Builder maximumBatchingWindowInSeconds(int seconds) {
            maximumBatchingWindowInSeconds = seconds;
            return this;
        }

        /** Sets the concurrent batches for each shard; only 1 is emulated. */
        public Builder parallelizationFactor(int batches) {
            parallelizationFactor = batches;
            return this;
        }

        /** Sets how often a failed batch is retried. */
        public Builder maximumRetryAttempts(int attempts) {
            maximumRetryAttempts = attempts;
            return this;
        }

        /** Sets the age past which a record is discarded. */
        public Builder maximumRecordAgeInSeconds(int seconds) {
            maximumRecordAgeInSeconds = seconds;
            return this;
        }

        /** Sets whether a failed batch is split in two. */
        public Builder bisectBatchOnFunctionError(boolean bisect) {
            bisectBatchOnFunctionError = bisect;
            return this;
        }

        /** Sets whether the function's response contains the first failed record. */
        public Builder reportBatchItemFailures(boolean report) {
            reportBatchItemFailures = report;
            return this;
        }

        /** Sets where to start. */
        public Builder startingPosition(StartingPosition position) {
            startingPosition = position;
            return this;
        }

        /**
         * Adds a pattern; a record must match one of them.
         *
         * @param pattern the JSON text of the pattern
         * @see FilterPattern
         */
        public Builder filter(String pattern) {
            filters.add(pattern);
            return this;
        }

        /** Sets whether it polls. */
        public Builder enabled(boolean polls) {
            enabled = polls;
            return this;
        }

        /**
         * Creates the mapping.
         *
         * @throws IllegalArgumentException if settings are out of range or filters are not patterns; the message lists
         *     every problem
         */
        public EventSourceMapping build() {
            return new EventSourceMapping(
                    tableName,
                    functionName,
                    batchSize,
                    maximumBatchingWindowInSeconds,
                    parallelizationFactor,
                    maximumRetryAttempts,
                    maximumRecordAgeInSeconds,
                    bisectBatchOnFunctionError,
                    reportBatchItemFailures,
                    startingPosition,
                    filters,
                    enabled);
        }
    }
}
