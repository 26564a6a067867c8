package io.github.visitorcounter.examples.cdk;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.count.CountingMode;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.logs.RetentionDays;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a {@link VisitorCounter} is made of.
 *
 * @param code what the functions run: the library and its dependencies
 * @param page the folder with publish.mjs and the site; empty for no page
 * @param allowedOrigins the origins of pages that may connect besides the stack's own page
 * @param allowedCounters the counters that a page may choose; a page that names none is counted by {@code site}
 * @param siteCounter a counter that counts the connections of all counters, too; empty for none
 * @param watchers whether pages may receive the counts without being counted
 * @param countingMode whether visits, connections or visitors are counted
 * @param messageFormat whether pages are sent exact numbers, rounded ones, or the total alone
 * @param visitTimeout how long after its last disconnect a visit can be resumed
 * @param wakeUpWindow the batching window of wake-ups
 * @param disconnectDebounce whether disconnects wait for a wake-up
 * @param wakeUpMemoryMegabytes the memory of the wake-up function
 * @param connectsPerIp how many connections one address may open in ten minutes; 0 for no limit
 * @param newCountersPerMinute how many counters that only a wildcard admits may be created in a minute; 0 for no limit
 * @param unusedCounterDays after how many days without a connection such a counter is removed; 0 removes none
 * @param maxLive how many may be connected to a counter at once; 0 for no limit
 * @param broadcastMessagesPerSecond the message budget of each counter
 * @param totals what becomes of the table of counters when it is removed: kept or deleted
 * @param logRetention how long the functions' logs are kept
 * @param connectConcurrency reserved concurrency of the connect function; 0 for none
 * @param broadcastConcurrency reserved concurrency of the broadcast and of the wake-up function, each; 0 for none
 * @param httpCount whether the count is also available over HTTP
 * @param httpCountMaxAge how long browsers and CloudFront may cache it
 * @param httpCountConcurrency reserved concurrency of its function; 0 for none
 * @param tracing whether X-Ray traces the functions
 * @param alarmTopicArn the SNS topic that alarms are sent to
 * @param socketDomain a domain of yours for the WebSocket
 */
public record VisitorCounterProps(
        Code code,
        Optional<Code> page,
        List<String> allowedOrigins,
        List<String> allowedCounters,
        Optional<String> siteCounter,
        boolean watchers,
        CountingMode countingMode,
        MessageFormat messageFormat,
        Duration visitTimeout,
        Duration wakeUpWindow,
        boolean disconnectDebounce,
        int wakeUpMemoryMegabytes,
        int connectsPerIp,
        int newCountersPerMinute,
        int unusedCounterDays,
        int maxLive,
        int broadcastMessagesPerSecond,
        RemovalPolicy totals,
        RetentionDays logRetention,
        int connectConcurrency,
        int broadcastConcurrency,
        boolean httpCount,
        Duration httpCountMaxAge,
        int httpCountConcurrency,
        boolean tracing,
        Optional<String> alarmTopicArn,
        Optional<SocketDomain> socketDomain) {

    private static final Pattern TOPIC = Pattern.compile("arn:[^:]+:sns:[^:]+:[0-9]{12}:.+");

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there is no counter, neither a page nor an allowed origin, a counter, an
     *     origin or the topic is malformed, a number is out of its range, or the totals are neither kept nor deleted
     */
    public VisitorCounterProps {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(logRetention, "logRetention");
        Objects.requireNonNull(countingMode, "countingMode");
        Setting.MESSAGE_FORMAT.format(messageFormat);
        allowedOrigins = List.copyOf(allowedOrigins);
        allowedCounters = List.copyOf(allowedCounters);
        if (allowedCounters.isEmpty()) {
            throw new IllegalArgumentException("allowedCounters is empty: name at least one, for instance site");
        }
        Setting.ALLOWED_COUNTERS.format(new LinkedHashSet<>(allowedCounters));
        siteCounter.ifPresent(Setting.SITE_COUNTER::format);
        if (!allowedOrigins.isEmpty()) {
            Setting.ALLOWED_ORIGINS.format(new LinkedHashSet<>(allowedOrigins));
        }
        Setting.VISIT_TIMEOUT.format(visitTimeout);
        Setting.CONNECTS_PER_IP.format(connectsPerIp);
        Setting.NEW_COUNTERS_PER_MINUTE.format(newCountersPerMinute);
        Setting.UNUSED_COUNTER_DAYS.format(unusedCounterDays);
        Setting.MAX_LIVE.format(maxLive);
        Setting.BROADCAST_MESSAGES_PER_SECOND.format(broadcastMessagesPerSecond);
        allMatch("alarmTopicArn", alarmTopicArn.stream().toList(), TOPIC, "the ARN of an SNS topic");
        inRange("wakeUpWindow in seconds", wakeUpWindow.toSeconds(), 0, 300);
        inRange("wakeUpMemoryMegabytes", wakeUpMemoryMegabytes, 192, 10_240);
        inRange("connectConcurrency", connectConcurrency, 0, Integer.MAX_VALUE);
        inRange("broadcastConcurrency", broadcastConcurrency, 0, Integer.MAX_VALUE);
        Setting.COUNT_MAX_AGE.format(httpCountMaxAge);
        inRange("httpCountConcurrency", httpCountConcurrency, 0, Integer.MAX_VALUE);
        if (page.isEmpty() && allowedOrigins.isEmpty()) {
            throw new IllegalArgumentException(
                    "allowedOrigins is empty: without a page of the stack's own it must name the"
                            + " pages that may connect, for instance https://www.example.org");
        }
        if (totals != RemovalPolicy.RETAIN && totals != RemovalPolicy.DESTROY) {
            throw new IllegalArgumentException("totals is " + totals + ": RETAIN and DESTROY are allowed");
        }
    }

    private static void allMatch(String name, List<String> values, Pattern allowed, String description) {
        for (String value : values) {
            if (!allowed.matcher(value).matches()) {
                throw new IllegalArgumentException(name + " has '" + value + "': allowed are " + description);
            }
        }
    }

    private static void inRange(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ": " + least + " to " + most + " are allowed");
        }
    }

    /** Whether a page may choose among counters. */
    boolean hasRooms() {
        return !allowedCounters.equals(List.of("site"));
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
        private List<String> allowedOrigins = List.of();
        private List<String> allowedCounters = List.of("site");
        private String siteCounter;
        private boolean watchers;
        private CountingMode countingMode = CountingMode.VISITS;
        private MessageFormat messageFormat = MessageFormat.JSON;
        private Duration visitTimeout = Duration.ofMinutes(30);
        private Duration wakeUpWindow = Duration.ofSeconds(1);
        private boolean disconnectDebounce = true;
        private int wakeUpMemoryMegabytes = 256;
        private int connectsPerIp;
        private int newCountersPerMinute = 60;
        private int unusedCounterDays = 28;
        private int maxLive;
        private int broadcastMessagesPerSecond = 100;
        private RemovalPolicy totals = RemovalPolicy.RETAIN;
        private RetentionDays logRetention = RetentionDays.TWO_WEEKS;
        private int connectConcurrency;
        private int broadcastConcurrency;
        private boolean httpCount;
        private Duration httpCountMaxAge = Duration.ofSeconds(5);
        private int httpCountConcurrency = 2;
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
         * Sets the page; by default the stack has none, and {@link #allowedOrigins} must name the pages that may
         * connect. In AWS GovCloud and China, where the page's CloudFront resources do not exist, leave it out.
         *
         * @param page the folder with publish.mjs and the site
         * @return this builder
         */
        public Builder page(Code page) {
            this.page = page;
            return this;
        }

        /**
         * Sets the origins of pages that may connect besides the stack's own page; by default none.
         *
         * @param origins {@code https://www.example.org}, {@code https://*.example.org} for all subdomains, or
         *     {@code *} for any page
         * @return this builder
         */
        public Builder allowedOrigins(List<String> origins) {
            this.allowedOrigins = List.copyOf(origins);
            return this;
        }

        /**
         * Sets whether four tabs of one visitor are four, or one where the page names its visitor; by default four.
         *
         * @param what what is counted
         * @return this builder
         */
        public Builder countingMode(CountingMode what) {
            this.countingMode = what;
            return this;
        }

        /**
         * Sets the messages with a count: {@link MessageFormat#JSON}, the default, or
         * {@code RoundedMessageFormat.instance()}.
         */
        public Builder messageFormat(MessageFormat format) {
            this.messageFormat = format;
            return this;
        }

        /**
         * Sets how long after its last disconnect a visit can be resumed: it is counted in the total once. By default
         * 30 minutes.
         *
         * @param window 0 to 24 hours
         * @return this builder
         */
        public Builder visitTimeout(Duration window) {
            this.visitTimeout = window;
            return this;
        }

        /**
         * Sets the batching window of wake-ups: disconnects, and broadcasts that the budget does not allow yet, are
         * sent that much later, and a page that reloads within it is invisible to others. By default one second.
         *
         * @param window 0 to 300 seconds, in whole seconds
         * @return this builder
         */
        public Builder wakeUpWindow(Duration window) {
            this.wakeUpWindow = window;
            return this;
        }

        /**
         * Sets whether disconnects wait for a wake-up, so that a page reload is invisible to others; by default they
         * do.
         *
         * @param debounce false to broadcast disconnects at once: a reload is two messages to everyone more
         * @return this builder
         */
        public Builder disconnectDebounce(boolean debounce) {
            this.disconnectDebounce = debounce;
            return this;
        }

        /**
         * Sets the memory of the wake-up function; by default 256 MB. Most of its invocations read two rows and end; it
         * broadcasts when the budget allows.
         *
         * @param megabytes 128 to 10,240
         * @return this builder
         */
        public Builder wakeUpMemoryMegabytes(int megabytes) {
            this.wakeUpMemoryMegabytes = megabytes;
            return this;
        }

        /**
         * Limits how many connections one address may open in ten minutes; by default there is no limit. Many visitors
         * may share an address.
         *
         * @param connections 0 for no limit, at most 1,000,000
         * @return this builder
         */
        public Builder connectsPerIp(int connections) {
            this.connectsPerIp = connections;
            return this;
        }

        /**
         * Limits how many counters that only a wildcard of {@link #allowedCounters} admits may be created in a minute;
         * by default 60. Strangers choose their ids. A visitor who would create one more is rejected with 429.
         *
         * @param counters 0 for no limit, at most 1,000,000
         * @return this builder
         */
        public Builder newCountersPerMinute(int counters) {
            this.newCountersPerMinute = counters;
            return this;
        }

        /**
         * Sets after how many days without a connection a counter that only a wildcard admits is removed, with its
         * total; by default 28. Counters that are named in {@link #allowedCounters} are never removed.
         *
         * @param days 0 to remove none, at most 3,650
         * @return this builder
         */
        public Builder unusedCounterDays(int days) {
            this.unusedCounterDays = days;
            return this;
        }

        /**
         * Sets a counter that counts the connections of all counters, beside their own; by default there is none. Every
         * page receives both counts.
         *
         * @param counterId 1 to 100 letters, digits and {@code . _ : / -}, for instance {@code site}
         * @return this builder
         */
        public Builder siteCounter(String counterId) {
            this.siteCounter = counterId;
            return this;
        }

        /**
         * Sets whether pages may watch: receive the counts without being counted; by default they may not. A counter
         * with a maximum of connections has no watchers in any case.
         *
         * @param allowed whether they may
         * @return this builder
         */
        public Builder watchers(boolean allowed) {
            this.watchers = allowed;
            return this;
        }

        /**
         * Limits how many may be connected to a counter at once; by default there is no limit. The site counter has no
         * limit.
         *
         * @param live 0 for no limit, at most 10,000,000
         * @return this builder
         */
        public Builder maxLive(int live) {
            this.maxLive = live;
            return this;
        }

        /**
         * Sets the counters that a page may choose; by default only {@code site}.
         *
         * @param allowedCounters ids of 1 to 100 letters, digits and {@code . _ : / -}; {@code page:*} stands for all
         *     that begin with {@code page:}
         * @return this builder
         */
        public Builder allowedCounters(List<String> allowedCounters) {
            this.allowedCounters = List.copyOf(allowedCounters);
            return this;
        }

        /**
         * Sets the message budget of each counter, averaged over a minute; by default 100, which is at most $8.64 a day
         * at $1 per million messages.
         *
         * @param messages 1 to 10,000
         * @return this builder
         */
        public Builder broadcastMessagesPerSecond(int messages) {
            this.broadcastMessagesPerSecond = messages;
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
         * Reserves concurrency for the connect function, so that other functions of the account can't take what
         * handshakes need; by default none. The account must keep 100 unreserved.
         *
         * @param concurrency 0 reserves none
         * @return this builder
         */
        public Builder connectConcurrency(int concurrency) {
            this.connectConcurrency = concurrency;
            return this;
        }

        /**
         * Reserves concurrency for the broadcast function and for the wake-up function, for each of the two; by default
         * none. A broadcast takes one execution, and one more for every 2,000 connections. It is taken from what the
         * account has, which must keep 100 unreserved.
         *
         * @param concurrency 0 reserves none
         * @return this builder
         */
        public Builder broadcastConcurrency(int concurrency) {
            this.broadcastConcurrency = concurrency;
            return this;
        }

        /**
         * Makes the count also available over HTTP, as JSON and as a badge, through CloudFront; by default it is not.
         * It is at the page's address, or at one of its own without a page.
         *
         * @param httpCount whether
         * @return this builder
         */
        public Builder httpCount(boolean httpCount) {
            this.httpCount = httpCount;
            return this;
        }

        /**
         * Sets how long browsers and CloudFront may cache a count over HTTP; by default 5 s.
         *
         * @param maxAge 1 s to 1 h
         * @return this builder
         */
        public Builder httpCountMaxAge(Duration maxAge) {
            this.httpCountMaxAge = maxAge;
            return this;
        }

        /**
         * Reserves concurrency for the function that answers counts over HTTP; by default 2. Its URL accepts ten
         * requests a second for each, whatever strangers do, and answers others with 429. The account must keep 100
         * unreserved.
         *
         * @param concurrency 0 reserves none
         * @return this builder
         */
        public Builder httpCountConcurrency(int concurrency) {
            this.httpCountConcurrency = concurrency;
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
         * @throws NullPointerException if {@link #code} was not set
         * @throws IllegalArgumentException if a value is not allowed
         */
        public VisitorCounterProps build() {
            return new VisitorCounterProps(
                    code,
                    Optional.ofNullable(page),
                    allowedOrigins,
                    allowedCounters,
                    Optional.ofNullable(siteCounter),
                    watchers,
                    countingMode,
                    messageFormat,
                    visitTimeout,
                    wakeUpWindow,
                    disconnectDebounce,
                    wakeUpMemoryMegabytes,
                    connectsPerIp,
                    newCountersPerMinute,
                    unusedCounterDays,
                    maxLive,
                    broadcastMessagesPerSecond,
                    totals,
                    logRetention,
                    connectConcurrency,
                    broadcastConcurrency,
                    httpCount,
                    httpCountMaxAge,
                    httpCountConcurrency,
                    tracing,
                    Optional.ofNullable(alarmTopicArn),
                    Optional.ofNullable(socketDomain));
        }
    }
}
