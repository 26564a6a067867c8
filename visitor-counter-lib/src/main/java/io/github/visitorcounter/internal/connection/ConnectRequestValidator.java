package io.github.visitorcounter.internal.connection;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.ConnectRequest;
import io.github.visitorcounter.internal.count.CounterIds;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/** What every request to connect must be, as far as the request itself tells. */
public final class ConnectRequestValidator {

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

    public ConnectRequestValidator(VisitorCounterConfig config) {
        this.config = config;
        this.origins = AllowedOrigins.of(config.get(Setting.ALLOWED_ORIGINS));
    }

    /**
     * Why somebody may not come in.
     *
     * @param statusCode the answer to the handshake
     * @param kind for the metrics
     * @param reason for the log: without personal data
     */
    public record Rejection(int statusCode, RejectionReason kind, String reason) {}

    @Nullable
    public Rejection rejection(ConnectRequest request, String counterId, @Nullable String visit) {
        if (length(request.query()) > LONGEST_QUERY) {
            return new Rejection(
                    BAD_REQUEST, RejectionReason.INVALID, "its query has more than " + LONGEST_QUERY + " characters");
        }
        if (length(request.headers()) > LONGEST_HEADERS) {
            return new Rejection(
                    BAD_REQUEST,
                    RejectionReason.INVALID,
                    "its headers have more than " + LONGEST_HEADERS + " characters");
        }
        if (visit != null && !CounterIds.isValid(visit)) {
            return new Rejection(
                    BAD_REQUEST, RejectionReason.INVALID, "its visit's or visitor's id " + CounterIds.ALLOWED);
        }
        if (!origins.allow(request.header(ORIGIN))) {
            return new Rejection(
                    FORBIDDEN, RejectionReason.ORIGIN, "its origin is not among " + Setting.ALLOWED_ORIGINS);
        }
        if (!config.allowsCounter(counterId)) {
            return new Rejection(
                    FORBIDDEN, RejectionReason.COUNTER, "its counter is not among " + Setting.ALLOWED_COUNTERS);
        }
        return null;
    }

    private static int length(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .mapToInt(parameter ->
                        parameter.getKey().length() + parameter.getValue().length())
                .sum();
    }
}
