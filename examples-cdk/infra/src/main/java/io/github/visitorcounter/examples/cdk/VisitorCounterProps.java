package io.github.visitorcounter.examples.cdk;

import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.logs.RetentionDays;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link VisitorCounter} is made of.
 *
 * @param code what the functions run: the library and its dependencies
 * @param page the folder with publish.mjs and the site
 * @param counters the counters that a page may choose; a page that names none is counted by {@code site}
 * @param messagesPerSecond the message budget of each counter
 * @param totals what becomes of the table of counters when it is removed: kept or deleted
 * @param logRetention how long the functions' logs are kept
 * @param broadcastConcurrency how many broadcasts may run at once; 0 for no limit of their own
 * @param tracing whether X-Ray traces the functions
 * @param alarmTopicArn the SNS topic that alarms are sent to
 * @param socketDomain a domain of yours for the WebSocket
 */
public record VisitorCounterProps(
        Code code,
        Code page,
        List<String> counters,
        int messagesPerSecond,
        RemovalPolicy totals,
        RetentionDays logRetention,
        int broadcastConcurrency,
        boolean tracing,
        Optional<String> alarmTopicArn,
        Optional<SocketDomain> socketDomain) {

    private static final int MOST_MESSAGES = 10_000;

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there is no counter, the budget is not 1 to 10,000, the concurrency is negative, or
     *     the totals are neither kept nor deleted
     */
    public VisitorCounterProps {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(page, "page");
        Objects.requireNonNull(logRetention, "logRetention");
        counters = List.copyOf(counters);
        if (counters.isEmpty()) {
            throw new IllegalArgumentException("counters is empty: name at least one, for instance site");
        }
        if (messagesPerSecond < 1 || messagesPerSecond > MOST_MESSAGES) {
            throw new IllegalArgumentException(
                    "messagesPerSecond is " + messagesPerSecond + ": 1 to " + MOST_MESSAGES + " are allowed");
        }
        if (broadcastConcurrency < 0) {
            throw new IllegalArgumentException(
                    "broadcastConcurrency is " + broadcastConcurrency + ": 0 means no limit, more is a limit");
        }
        if (totals != RemovalPolicy.RETAIN && totals != RemovalPolicy.DESTROY) {
            throw new IllegalArgumentException("totals is " + totals + ": RETAIN and DESTROY are allowed");
        }
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects what a visitor counter is made of. Not thread-safe. */
    public static final class Builder {

        private Code code;
        private Code page;
        private List<String> counters = List.of("site");
        private int messagesPerSecond = 100;
        private RemovalPolicy totals = RemovalPolicy.RETAIN;
        private RetentionDays logRetention = RetentionDays.TWO_WEEKS;
        private int broadcastConcurrency;
        private boolean tracing;
        private String alarmTopicArn;
        private SocketDomain socketDomain;

        private Builder() {}

        /**
         * Sets what the functions run. There is no default.
         *
         * @param code a folder or archive with the library and its dependencies
         * @return this builder
         */
        public Builder code(Code code) {
            this.code = code;
            return this;
        }

        /**
         * Sets the page. There is no default.
         *
         * @param page the folder with publish.mjs and the site
         * @return this builder
         */
        public Builder page(Code page) {
            this.page = page;
            return this;
        }

        /**
         * Sets the counters that a page may choose; by default only {@code site}.
         *
         * @param counters ids of 1 to 100 letters, digits and {@code . _ : / -}
         * @return this builder
         */
        public Builder counters(List<String> counters) {
            this.counters = List.copyOf(counters);
            return this;
        }

        /**
         * Sets the message budget of each counter, averaged over a minute; by default 100, which is at most $8.64 a day at $1
         * per million messages.
         *
         * @param messages 1 to 10,000
         * @return this builder
         */
        public Builder messagesPerSecond(int messages) {
            this.messagesPerSecond = messages;
            return this;
        }

        /**
         * Sets what becomes of the table of counters when it is removed; by default it is kept.
         *
         * @param policy {@code RETAIN} or {@code DESTROY}
         * @return this builder
         */
        public Builder totals(RemovalPolicy policy) {
            this.totals = policy;
            return this;
        }

        /**
         * Sets how long the functions' logs are kept; by default two weeks.
         *
         * @param retention how long
         * @return this builder
         */
        public Builder logRetention(RetentionDays retention) {
            this.logRetention = retention;
            return this;
        }

        /**
         * Limits how many broadcasts run at once; by default there is no limit of their own. An audience takes one for every
         * 2,000, and each counter one more. It is taken from what the account has, which must keep 100 for everything else.
         *
         * @param concurrency the limit; 0 for none
         * @return this builder
         */
        public Builder broadcastConcurrency(int concurrency) {
            this.broadcastConcurrency = concurrency;
            return this;
        }

        /**
         * Switches X-Ray's traces of the functions on or off; by default off.
         *
         * @param tracing whether to trace
         * @return this builder
         */
        public Builder tracing(boolean tracing) {
            this.tracing = tracing;
            return this;
        }

        /**
         * Sets where alarms are sent; by default they are only shown.
         *
         * @param arn an SNS topic's ARN
         * @return this builder
         */
        public Builder alarmTopicArn(String arn) {
            this.alarmTopicArn = arn;
            return this;
        }

        /**
         * Sets a domain of yours for the WebSocket; by default it has API Gateway's.
         *
         * @param domain the domain and its certificate
         * @return this builder
         */
        public Builder socketDomain(SocketDomain domain) {
            this.socketDomain = domain;
            return this;
        }

        /**
         * Checks what was set.
         *
         * @return the properties
         * @throws NullPointerException if {@link #code} or {@link #page} was not set
         * @throws IllegalArgumentException if a value is not allowed
         */
        public VisitorCounterProps build() {
            return new VisitorCounterProps(
                    code,
                    page,
                    counters,
                    messagesPerSecond,
                    totals,
                    logRetention,
                    broadcastConcurrency,
                    tracing,
                    Optional.ofNullable(alarmTopicArn),
                    Optional.ofNullable(socketDomain));
        }
    }
}
