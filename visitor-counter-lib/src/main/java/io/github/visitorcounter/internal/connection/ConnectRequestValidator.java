package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.count.AllowedCounters;
import io.github.visitorcounter.internal.count.CounterIds;
import io.github.visitorcounter.internal.count.LiveLimits;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks what needs only the request and the settings: sizes, ids, the page's origin, the counter. */
public final class ConnectRequestValidator implements ConnectCheck {

    /**
     * The query contains a counter id, a visit id, and parameters of the site. API Gateway accepts URLs of up to 4,096
     * characters.
     */
    public static final int MAX_QUERY_LENGTH = 2_048;

    /** The headers of the browser include the cookies of a custom domain. */
    public static final int MAX_HEADERS_LENGTH = 16_384;

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final String ORIGIN = "Origin";

    private final AllowedOrigins origins;
    private final AllowedCounters counters;
    private final boolean watchers;
    private final LiveLimits limits;
    private final List<ConnectCheck> checks;

    public ConnectRequestValidator(VisitorCounterConfig config) {
        this.origins = AllowedOrigins.of(config.get(Setting.ALLOWED_ORIGINS));
        this.counters = new AllowedCounters(config.get(Setting.ALLOWED_COUNTERS));
        this.watchers = config.get(Setting.WATCHERS);
        this.limits = new LiveLimits(
                config.get(Setting.MAX_LIVE), config.find(Setting.SITE_COUNTER).orElse(null));
        this.checks = List.of(
                this::query, this::headers, this::visit, this::origin, this::counter, this::watcher, this::limit);
    }

    /** Returns the first rejection. */
    @Override
    public Optional<Rejection> check(Arrival arrival) {
        return checks.stream().flatMap(check -> check.check(arrival).stream()).findFirst();
    }

    private Optional<Rejection> query(Arrival arrival) {
        return unless(
                length(arrival.request().query()) <= MAX_QUERY_LENGTH,
                BAD_REQUEST,
                RejectionReason.INVALID,
                "its query has more than " + MAX_QUERY_LENGTH + " characters");
    }

    private Optional<Rejection> headers(Arrival arrival) {
        return unless(
                length(arrival.request().headers()) <= MAX_HEADERS_LENGTH,
                BAD_REQUEST,
                RejectionReason.INVALID,
                "its headers have more than " + MAX_HEADERS_LENGTH + " characters");
    }

    private Optional<Rejection> visit(Arrival arrival) {
        String visit = arrival.connection().visit();
        return unless(
                visit == null || CounterIds.isValid(visit),
                BAD_REQUEST,
                RejectionReason.INVALID,
                "its visit's or visitor's id " + CounterIds.ALLOWED);
    }

    private Optional<Rejection> origin(Arrival arrival) {
        return unless(
                origins.allow(arrival.request().header(ORIGIN)),
                FORBIDDEN,
                RejectionReason.ORIGIN,
                "its origin is not among " + Setting.ALLOWED_ORIGINS);
    }

    private Optional<Rejection> counter(Arrival arrival) {
        return unless(
                counters.allows(arrival.connection().counterId()),
                FORBIDDEN,
                RejectionReason.COUNTER,
                "its counter is not among " + Setting.ALLOWED_COUNTERS);
    }

    private Optional<Rejection> watcher(Arrival arrival) {
        return unless(
                watchers || !arrival.connection().onlyWatches(),
                FORBIDDEN,
                RejectionReason.WATCHER,
                "it asks to watch, see " + Setting.WATCHERS);
    }

    /** A limit of {@code live} would not bound the number of watchers, and so not the counter's audience. */
    private Optional<Rejection> limit(Arrival arrival) {
        Connection connection = arrival.connection();
        return unless(
                !connection.onlyWatches() || !limits.of(connection.counterId()).isSet(),
                FORBIDDEN,
                RejectionReason.WATCHER,
                "it asks to watch a counter with a limit, see " + Setting.MAX_LIVE);
    }

    private static Optional<Rejection> unless(
            boolean isAllowed, int statusCode, RejectionReason reason, String message) {
        return isAllowed ? Optional.empty() : Optional.of(new Rejection(statusCode, reason, message));
    }

    private static int length(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .mapToInt(parameter ->
                        parameter.getKey().length() + parameter.getValue().length())
                .sum();
    }
}
