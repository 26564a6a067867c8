package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.StackEndpoints;
import io.github.visitorcounter.embeddedstack.access.Policy;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A function of the stack, described as a template describes it. Immutable.
 *
 * <p>A handler named by its class runs isolated: its classes are loaded by a class loader of the function's own, and its
 * {@code System.getenv} sees the function's environment variables, not the process's. Two things differ from AWS: the
 * instances of one function share its static fields, and all functions share the JVM's system properties, default time zone
 * and heap. A function that uses the AWS SDK loads it anew, which takes about a second and 25 MB of memory.
 *
 * <p>A handler given as an object ({@link Builder#handlerObjects}) shares classes and objects with whoever made it, which is
 * handy in tests; it has no isolation and no environment variables.
 *
 * @since 0.1.0
 */
public final class FunctionDefinition {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Pattern HANDLER = Pattern.compile("\\S{1,128}");
    private static final Pattern ALIAS = Pattern.compile("(?!\\d+$)[a-zA-Z0-9_-]{1,128}");
    private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]+");

    private final String name;
    private final @Nullable String handler;
    private final @Nullable Supplier<?> handlerObjects;
    private final Map<String, Function<StackEndpoints, String>> environment;
    private final Duration timeout;
    private final int memoryMegabytes;
    private final int maximumConcurrency;
    private final @Nullable Integer reservedConcurrency;
    private final AsyncRetryPolicy asyncRetryPolicy;
    private final List<Path> classPath;
    private final Set<String> aliases;
    private final @Nullable Policy policy;
    private final LogFormat logFormat;

    private FunctionDefinition(Builder builder) {
        this.name = builder.name;
        this.handler = builder.handler;
        this.handlerObjects = builder.handlerObjects;
        this.environment = Collections.unmodifiableMap(new LinkedHashMap<>(builder.environment));
        this.timeout = builder.timeout;
        this.memoryMegabytes = builder.memoryMegabytes;
        this.maximumConcurrency = builder.maximumConcurrency;
        this.reservedConcurrency = builder.reservedConcurrency;
        this.asyncRetryPolicy = builder.asyncRetryPolicy;
        this.classPath = List.copyOf(builder.classPath);
        this.aliases = Set.copyOf(builder.aliases);
        this.policy = builder.policy;
        this.logFormat = builder.logFormat;
    }

    /**
     * Starts a definition.
     *
     * @param name the function's name: 1 to 64 letters, digits, hyphens and underscores
     */
    public static Builder builder(String name) {
        return new Builder(Objects.requireNonNull(name, "name"));
    }

    /** The function's name. */
    public String name() {
        return name;
    }

    /** What a template's {@code Handler} would say, or null for a function made of handler objects. */
    public @Nullable String handler() {
        return handler;
    }

    /** What makes its handler objects, or null for a function whose handler is named. */
    public @Nullable Supplier<?> handlerObjects() {
        return handlerObjects;
    }

    /** Its environment variables; their values depend on the ports that the stack gets. */
    public Map<String, Function<StackEndpoints, String>> environment() {
        return environment;
    }

    /** How long an invocation may run. */
    public Duration timeout() {
        return timeout;
    }

    /** The memory it is billed by, in megabytes; nothing limits what it really uses. */
    public int memoryMegabytes() {
        return memoryMegabytes;
    }

    /** How many instances it has at most without reserved concurrency. */
    public int maximumConcurrency() {
        return maximumConcurrency;
    }

    /** How many invocations may run at the same time before Lambda throttles the next; null for no such limit. */
    public @Nullable Integer reservedConcurrency() {
        return reservedConcurrency;
    }

    /** What happens to asynchronous invocations that fail. */
    public AsyncRetryPolicy asyncRetryPolicy() {
        return asyncRetryPolicy;
    }

    /** Where its classes come from; empty means the class path of the JVM. */
    public List<Path> classPath() {
        return classPath;
    }

    /** The aliases that it can be invoked by. */
    public Set<String> aliases() {
        return aliases;
    }

    /** How it logs: as text, or as JSON as its {@code LoggingConfig} asks. */
    public LogFormat logFormat() {
        return logFormat;
    }

    /** What it may do; empty for everything. */
    public Optional<Policy> policy() {
        return Optional.ofNullable(policy);
    }

    /** Collects a definition; {@link #build()} reports everything that is wrong with it at once. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private @Nullable String handler;
        private @Nullable Supplier<?> handlerObjects;
        private final Map<String, Function<StackEndpoints, String>> environment = new LinkedHashMap<>();
        private Duration timeout = Duration.ofSeconds(3);
        private int memoryMegabytes = 512;
        private int maximumConcurrency = 10;
        private @Nullable Integer reservedConcurrency;
        private AsyncRetryPolicy asyncRetryPolicy = AsyncRetryPolicy.DEFAULT;
        private List<Path> classPath = List.of();
        private final Set<String> aliases = new LinkedHashSet<>();
        private @Nullable Policy policy;
        private LogFormat logFormat = LogFormat.TEXT;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Names the handler, as a template does.
         *
         * @param newHandler {@code package.Class}, which means its method {@code handleRequest}, or {@code package.Class::method}.
         *     The class may be a {@code RequestHandler} or {@code RequestStreamHandler}, or any other: its method is public, static
         *     or not, and takes the event or an {@code InputStream}, an {@code OutputStream}, and the {@code Context}, each
         *     optional. A class whose method is not static has a public constructor without parameters
         */
        public Builder handler(String newHandler) {
            this.handler = Objects.requireNonNull(newHandler, "handler");
            return this;
        }

        /**
         * Names the handler by its class; only the name is used.
         *
         * @param handlerClass a {@code RequestHandler} or {@code RequestStreamHandler}
         */
        public Builder handler(Class<?> handlerClass) {
            return handler(handlerClass.getName());
        }

        /**
         * Takes handlers from code instead of by name, without isolation and without environment variables.
         *
         * @param newHandlerObjects called once for each instance; gives a {@code RequestHandler} or
         *     {@code RequestStreamHandler}
         */
        public Builder handlerObjects(Supplier<?> newHandlerObjects) {
            this.handlerObjects = Objects.requireNonNull(newHandlerObjects, "handlerObjects");
            return this;
        }

        /**
         * Sets an environment variable.
         *
         * @param variable its name; not one that Lambda reserves, such as {@code AWS_REGION}
         * @param value its value
         */
        public Builder environment(String variable, String value) {
            Objects.requireNonNull(value, "value");
            return environment(variable, endpoints -> value);
        }

        /**
         * Sets an environment variable whose value depends on the ports that the stack gets.
         *
         * @param variable its name; not one that Lambda reserves, such as {@code AWS_REGION}
         * @param value gives the value when the stack starts
         */
        public Builder environment(String variable, Function<StackEndpoints, String> value) {
            environment.put(Objects.requireNonNull(variable, "variable"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Limits each invocation.
         *
         * @param newTimeout above zero, at most 15 minutes (AWS: whole seconds); default 3 seconds, as on AWS
         */
        public Builder timeout(Duration newTimeout) {
            this.timeout = Objects.requireNonNull(newTimeout, "timeout");
            return this;
        }

        /**
         * Sets the memory that the function is billed by.
         *
         * @param newMemoryMegabytes 128 to 10240; default 512 (AWS: 128)
         */
        public Builder memoryMegabytes(int newMemoryMegabytes) {
            this.memoryMegabytes = newMemoryMegabytes;
            return this;
        }

        /**
         * Limits the instances of a function without reserved concurrency; further invocations wait for one. AWS scales to the
         * account's limit instead (1,000 by default, 10 for some new accounts) and throttles what goes beyond: see {@link
         * #reservedConcurrency}.
         *
         * @param newMaximumConcurrency 1 to 1000; default 10
         */
        public Builder maximumConcurrency(int newMaximumConcurrency) {
            this.maximumConcurrency = newMaximumConcurrency;
            return this;
        }

        /**
         * Sets the function's reserved concurrency ({@code ReservedConcurrentExecutions}). Invocations beyond it are throttled as
         * on AWS: a synchronous call gets {@code TooManyRequestsException} (429), an asynchronous event stays in the queue and is
         * tried again, an event source mapping backs off and tries again, and API Gateway answers with status 500 or with the
         * frame {@code Internal server error}.
         *
         * @param newReservedConcurrency 0 to 1000; 0 throttles every invocation. By default there is no such limit
         */
        public Builder reservedConcurrency(int newReservedConcurrency) {
            this.reservedConcurrency = newReservedConcurrency;
            return this;
        }

        /**
         * Sets what happens to asynchronous invocations that fail.
         *
         * @param newAsyncRetryPolicy default {@link AsyncRetryPolicy#DEFAULT}
         */
        public Builder asyncRetryPolicy(AsyncRetryPolicy newAsyncRetryPolicy) {
            this.asyncRetryPolicy = Objects.requireNonNull(newAsyncRetryPolicy, "asyncRetryPolicy");
            return this;
        }

        /**
         * Sets where the function's classes come from.
         *
         * @param newClassPath jars and directories; default: the class path that this stack was loaded from
         */
        public Builder classPath(List<Path> newClassPath) {
            this.classPath = List.copyOf(newClassPath);
            return this;
        }

        /**
         * Gives it an alias by which it can be invoked too. There is one version, the one defined here, and the handler's context
         * says {@code $LATEST}; only {@code getInvokedFunctionArn} ends with the alias.
         *
         * @param name letters, digits, hyphens and underscores, not only digits
         */
        public Builder alias(String name) {
            aliases.add(Objects.requireNonNull(name, "name"));
            return this;
        }

        /**
         * Sets what the function's role allows it to do to this stack's tables, functions and connections; by default everything.
         * What is not allowed is rejected as AWS rejects it.
         */
        public Builder policy(Policy newPolicy) {
            this.policy = Objects.requireNonNull(newPolicy, "policy");
            return this;
        }

        /**
         * Sets the format of what the function logs ({@code LoggingConfig.LogFormat}). Only what it logs through {@code
         * LambdaLogger} is written so; what it prints stays as it is, as on AWS.
         *
         * @param newLogFormat default {@link LogFormat#TEXT}, as on AWS
         */
        public Builder logFormat(LogFormat newLogFormat) {
            this.logFormat = Objects.requireNonNull(newLogFormat, "logFormat");
            return this;
        }

        /**
         * Makes the definition.
         *
         * @throws IllegalArgumentException if a value is missing or impossible; the message lists all that are
         */
        public FunctionDefinition build() {
            List<String> problems = new ArrayList<>();
            check(problems, NAME.matcher(name).matches(), "name must be 1 to 64 letters, digits, - and _");
            checkHandler(problems);
            aliases.forEach(alias -> check(
                    problems,
                    ALIAS.matcher(alias).matches(),
                    "alias '" + alias + "' must be 1 to 128 letters, digits, - and _, not only digits"));
            environment.keySet().forEach(variable -> {
                check(
                        problems,
                        VARIABLE.matcher(variable).matches(),
                        "environment variable '" + variable
                                + "' must be a letter followed by letters, digits and underscores");
                check(
                        problems,
                        !FunctionEnvironment.RESERVED.contains(variable),
                        "environment variable '" + variable + "' is reserved: Lambda sets it itself");
            });
            check(
                    problems,
                    !timeout.isNegative() && !timeout.isZero() && timeout.compareTo(Duration.ofMinutes(15)) <= 0,
                    "timeout must be above zero and at most 15 minutes, not " + timeout);
            check(
                    problems,
                    memoryMegabytes >= 128 && memoryMegabytes <= 10_240,
                    "memoryMegabytes must be 128 to 10240, not " + memoryMegabytes);
            check(
                    problems,
                    maximumConcurrency >= 1 && maximumConcurrency <= 1_000,
                    "maximumConcurrency must be 1 to 1000, not " + maximumConcurrency);
            check(
                    problems,
                    reservedConcurrency == null || (reservedConcurrency >= 0 && reservedConcurrency <= 1_000),
                    "reservedConcurrency must be 0 to 1000, not " + reservedConcurrency);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(
                        "Function '" + name + "' is not defined well: " + String.join("; ", problems));
            }
            return new FunctionDefinition(this);
        }

        private void checkHandler(List<String> problems) {
            check(
                    problems,
                    (handler == null) != (handlerObjects == null),
                    "it needs either a handler's name or handler objects");
            if (handler != null) {
                check(
                        problems,
                        HANDLER.matcher(handler).matches(),
                        "handler must be package.Class or package.Class::method, at most 128 characters, not '"
                                + handler + "'");
            }
            if (handlerObjects != null) {
                check(problems, environment.isEmpty(), "handler objects cannot have environment variables");
                check(problems, classPath.isEmpty(), "handler objects cannot have a class path");
            }
        }

        private static void check(List<String> problems, boolean good, String problem) {
            if (!good) {
                problems.add(problem);
            }
        }
    }
}
