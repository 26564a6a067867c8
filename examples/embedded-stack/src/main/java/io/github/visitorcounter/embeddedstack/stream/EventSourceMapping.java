package io.github.visitorcounter.embeddedstack.stream;

import io.github.visitorcounter.embeddedstack.isolation.Isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Invokes a function with batches of a table's stream records. The settings are those of AWS's {@code
 * CreateEventSourceMapping}, with its names, defaults and ranges. Immutable.
 *
 * <p>A batch is delivered when its window is over, when it is full, or when its payload reaches 6 MB, whichever comes first, as
 * in "Batching behavior" on <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching">How
 * Lambda processes records from stream and queue-based event sources</a>. That page says that a window begins as soon as the
 * previous invocation completes, and not what happens while there are no records. Here a window that would begin without records
 * begins with the first one; on AWS an idle window may be running already, so that a record waits for a shorter time. Records
 * that no filter matches are dropped before they are gathered: they neither begin a window nor count towards the batch size.
 *
 * @param tableName a table with a stream
 * @param functionName the function to invoke
 * @param batchSize the most records in a batch, 1 to 10,000; 100 by default
 * @param maximumBatchingWindowInSeconds the longest time to gather records before invoking, in whole seconds from 0 to 300; 0
 *     by default, which invokes as soon as there are records
 * @param parallelizationFactor only 1 is emulated
 * @param maximumRetryAttempts how often a failed batch is tried again, 0 to 10,000, or -1 (the default) until its records expire
 * @param maximumRecordAgeInSeconds the age past which a record is discarded, 60 to 604,800, or -1 (the default) for the
 *     stream's 24 hours. Counted here from when the poller read the record, because DynamoDB Local cuts its time to the minute
 * @param bisectBatchOnFunctionError whether a failed batch is split in two before it is tried again; false by default
 * @param reportBatchItemFailures whether the function's answer names the record from which to try again; false by default
 * @param startingPosition where to start; {@code TRIM_HORIZON} by default
 * @param filters patterns of which a record must match one, as JSON; at most 10, none by default
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
     * @throws IllegalArgumentException if settings are out of range, or filters are not patterns; it names all of them
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

    /** By the stack's own JSON library, not by the project's. */
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

    /** Collects the settings of a mapping; each is described at the record's component of the same name. */
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

        /** Sets the most records in a batch. */
        public Builder batchSize(int records) {
            batchSize = records;
            return this;
        }

        /** Sets how long to gather records. */
        public Builder maximumBatchingWindowInSeconds(int seconds) {
            maximumBatchingWindowInSeconds = seconds;
            return this;
        }

        /** Sets the concurrent batches for each shard; only 1 is emulated. */
        public Builder parallelizationFactor(int batches) {
            parallelizationFactor = batches;
            return this;
        }

        /** Sets how often a failed batch is tried again. */
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

        /** Sets whether the function's answer names the record from which to try again. */
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
         * Adds a pattern; a record must match one of those added.
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
         * @throws IllegalArgumentException if settings are out of range, or filters are not patterns; it names all of them
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
