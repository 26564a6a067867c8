package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.internal.count.CounterIds;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules that the request itself shows to be kept: sizes, ids, the page's origin, the counter. */
public final class ConnectRequestValidator implements ConnectCheck {

    /**
     * The query is the page's: a counter's name, an id, and what the site adds. API Gateway lets URLs of 4,096 characters through.
     */
    public static final int LONGEST_QUERY = 2_048;

    /** The headers are the browser's, with the cookies of a custom domain. */
    public static final int LONGEST_HEADERS = 16_384;

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final String ORIGIN = "Origin";

    private final VisitorCounterConfig config;
    private final AllowedOrigins origins;
    private final List<ConnectCheck> checks;

    public ConnectRequestValidator(VisitorCounterConfig config) {
        this.config = config;
        this.origins = AllowedOrigins.of(config.get(Setting.ALLOWED_ORIGINS));
        this.checks = List.of(this::query, this::headers, this::visit, this::origin, this::counter);
    }

    /** The first rule that is broken decides. */
    @Override
    public Optional<Rejection> check(Arrival arrival) {
        return checks.stream().flatMap(check -> check.check(arrival).stream()).findFirst();
    }

    private Optional<Rejection> query(Arrival arrival) {
        return unless(
                length(arrival.request().query()) <= LONGEST_QUERY,
                BAD_REQUEST,
                RejectionReason.INVALID,
                "its query has more than " + LONGEST_QUERY + " characters");
    }

    private Optional<Rejection> headers(Arrival arrival) {
        return unless(
                length(arrival.request().headers()) <= LONGEST_HEADERS,
                BAD_REQUEST,
                RejectionReason.INVALID,
                "its headers have more than " + LONGEST_HEADERS + " characters");
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
                config.allowsCounter(arrival.connection().counterId()),
                FORBIDDEN,
                RejectionReason.COUNTER,
                "its counter is not among " + Setting.ALLOWED_COUNTERS);
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
