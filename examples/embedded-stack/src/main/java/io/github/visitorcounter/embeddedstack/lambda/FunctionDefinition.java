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
 * A function of the stack, with the properties that a template gives it. Immutable.
 *
 * <p>A handler given by its class name runs isolated: its classes are loaded by the function's own class loader, and
 * its {@code System.getenv} sees the function's environment variables, not the process's. Two things differ from AWS:
 * the instances of one function share its static fields, and all functions share the JVM's system properties, default
 * time zone and heap. Each function that uses the AWS SDK loads it again, which takes about a second and 25 MB of
 * memory.
 *
 * <p>A handler given as an object ({@link Builder#handlerObjects}) shares classes and objects with its creator, for use
 * in tests; it has no isolation and no environment variables.
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

    /** The {@code Handler} of a template, or null for a function with handler objects. */
    public @Nullable String handler() {
        return handler;
    }

    /** The supplier of its handler objects, or null for a function with a handler's name. */
    public @Nullable Supplier<?> handlerObjects() {
        return handlerObjects;
    }

    /** Its environment variables; their values may depend on the stack's ports. */
    public Map<String, Function<StackEndpoints, String>> environment() {
        return environment;
    }

    /** The maximum duration of an invocation. */
    public Duration timeout() {
        return timeout;
    }

    /** The billed memory in megabytes; the actual memory is not limited. */
    public int memoryMegabytes() {
        return memoryMegabytes;
    }

    /** The maximum number of instances without reserved concurrency. */
    public int maximumConcurrency() {
        return maximumConcurrency;
    }

    /** The reserved concurrency: further concurrent invocations are throttled; null for none. */
    public @Nullable Integer reservedConcurrency() {
        return reservedConcurrency;
    }

    /** The retry policy of asynchronous invocations. */
    public AsyncRetryPolicy asyncRetryPolicy() {
        return asyncRetryPolicy;
    }

    /** Its class path; empty for the class path of the JVM. */
    public List<Path> classPath() {
        return classPath;
    }

    /** Its aliases. */
    public Set<String> aliases() {
        return aliases;
    }

    /** The log format of its {@code LoggingConfig}: text or JSON. */
    public LogFormat logFormat() {
        return logFormat;
    }

    /** Its policy; empty for everything. */
    public Optional<Policy> policy() {
        return Optional.ofNullable(policy);
    }

    /** Builds a definition; {@link #build()} reports all problems at once. Not thread-safe. */
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
         * @param newHandler {@code package.Class}, which means its method {@code handleRequest}, or
         *     {@code package.Class::method}. The class may be a {@code RequestHandler} or {@code RequestStreamHandler},
         *     or any other: its method is public, static or not, and takes the event or an {@code InputStream}, an
         *     {@code OutputStream}, and the {@code Context}, each optional. A class whose method is not static has a
         *     public constructor without parameters
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
         * Sets a supplier of handler objects instead of a handler's name, without isolation and environment variables.
         *
         * @param newHandlerObjects called once for each instance; returns a {@code RequestHandler} or
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
         * Sets an environment variable whose value depends on the stack's ports.
         *
         * @param variable its name; not one that Lambda reserves, such as {@code AWS_REGION}
         * @param value computes the value when the stack starts
         */
        public Builder environment(String variable, Function<StackEndpoints, String> value) {
            environment.put(Objects.requireNonNull(variable, "variable"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets the maximum duration of an invocation.
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
         * Limits the instances of a function without reserved concurrency; further invocations wait for one. AWS scales
         * to the account's limit instead (1,000 by default, 10 for some new accounts) and throttles further
         * invocations: see {@link #reservedConcurrency}.
         *
         * @param newMaximumConcurrency 1 to 1000; default 10
         */
        public Builder maximumConcurrency(int newMaximumConcurrency) {
            this.maximumConcurrency = newMaximumConcurrency;
            return this;
        }

        /**
         * Sets the function's reserved concurrency ({@code ReservedConcurrentExecutions}). Invocations beyond it are
         * throttled as on AWS: a synchronous call gets {@code TooManyRequestsException} (429), an asynchronous event
         * stays in the queue and is tried again, an event source mapping backs off and tries again, and API Gateway
         * answers with status 500 or with the frame {@code Internal server error}.
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
         * Sets the function's class path.
         *
         * @param newClassPath jars and directories; default: the class path that this stack was loaded from
         */
        public Builder classPath(List<Path> newClassPath) {
            this.classPath = List.copyOf(newClassPath);
            return this;
        }

        /**
         * Adds an alias. The only version is {@code $LATEST}, also in the handler's context; only
         * {@code getInvokedFunctionArn} ends with the alias.
         *
         * @param name letters, digits, hyphens and underscores, not only digits
         */
        public Builder alias(String name) {
            aliases.add(Objects.requireNonNull(name, "name"));
            return this;
        }

        /**
         * Sets the permissions of the function's role on this stack's tables, functions and connections; by default
         * everything is allowed. Other actions are rejected as on AWS.
         */
        public Builder policy(Policy newPolicy) {
            this.policy = Objects.requireNonNull(newPolicy, "policy");
            return this;
        }

        /**
         * Sets the format of the function's logs ({@code LoggingConfig.LogFormat}). It applies to {@code LambdaLogger}
         * only, not to printed lines, as on AWS.
         *
         * @param newLogFormat default {@link LogFormat#TEXT}, as on AWS
         */
        public Builder logFormat(LogFormat newLogFormat) {
            this.logFormat = Objects.requireNonNull(newLogFormat, "logFormat");
            return this;
        }

        /**
         * Builds the definition.
         *
         * @throws IllegalArgumentException if a value is missing or invalid; the message lists every problem
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
