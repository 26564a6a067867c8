package io.github.visitorcounter.internal.lambda;

import io.github.visitorcounter.Setting;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.broadcast.MessageFormat;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.badge.Badge;
import io.github.visitorcounter.internal.connection.AllowedOrigins;
import io.github.visitorcounter.internal.count.AllowedCounters;
import io.github.visitorcounter.internal.count.RecentCounts;
import io.github.visitorcounter.internal.ports.HandlerPorts;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Answers requests for a count. Error bodies contain nothing of the request, and a counter that is not allowed is
 * answered like a path that does not exist.
 */
public final class CountProcessor {

    private static final String COUNT = "count";
    private static final String BADGE = "badge.svg";
    private static final String METHODS = "GET, HEAD, OPTIONS";
    private static final String CONTENT_TYPE = "Content-Type";
    private static final String CACHE_CONTROL = "Cache-Control";
    private static final String NO_STORE = "no-store";
    private static final String NOT_FOUND =
            "There is nothing here. Paths end with count or badge.svg; counters must" + " be allowed by the site.";

    private final AllowedCounters counters;
    private final @Nullable AllowedOrigins origins;
    private final String defaultCounter;
    private final String cacheable;
    private final HandlerPorts ports;
    private final RecentCounts counts;

    /**
     * Creates a processor.
     *
     * @param config the settings
     * @param ports the adapters; first used at the first request
     */
    public CountProcessor(VisitorCounterConfig config, HandlerPorts ports) {
        this.counters = new AllowedCounters(config.get(Setting.ALLOWED_COUNTERS));
        this.origins =
                config.find(Setting.ALLOWED_ORIGINS).map(AllowedOrigins::of).orElse(null);
        this.defaultCounter = config.get(Setting.DEFAULT_COUNTER);
        long maxAge = config.get(Setting.COUNT_MAX_AGE).toSeconds();
        this.cacheable = "public, max-age=" + maxAge + ", s-maxage=" + maxAge;
        this.ports = ports;
        this.counts = new RecentCounts(ports::counters, ports.timeSource());
    }

    /** Creates the client that the first request would create. */
    public void buildClients() {
        ports.counters();
    }

    /**
     * Answers a request.
     *
     * @param input the event
     * @param invocation the invocation
     * @return the response
     * @throws IOException if the input can't be read
     */
    public HttpResponse respond(InputStream input, Invocation invocation) throws IOException {
        HttpRequest request;
        try {
            request = HttpEvents.request(input);
        } catch (InvalidEventException invalid) {
            invocation.log(LogLine.warn("Rejected request")
                    .with("status", 400)
                    .with("reason", "invalid")
                    .with("detail", "not an HTTP request: " + invalid.getMessage()));
            return error(400, "This is not an HTTP request.", NO_STORE);
        }
        HttpResponse response = crossOrigin(request, answer(request, invocation));
        return request.method().equals("HEAD") ? response.withoutBody() : response;
    }

    private HttpResponse answer(HttpRequest request, Invocation invocation) {
        String resource = request.lastSegment();
        if (!Set.of(COUNT, BADGE).contains(resource)) {
            return error(404, NOT_FOUND, cacheable);
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> resource.equals(COUNT) ? count(request, invocation) : badge(request, invocation);
            case "OPTIONS" -> options();
            default -> error(405, "Methods are " + METHODS + ".", cacheable).header("Allow", METHODS);
        };
    }

    private HttpResponse count(HttpRequest request, Invocation invocation) {
        String counterId = counterId(request);
        if (!counters.allows(counterId)) {
            return error(404, NOT_FOUND, cacheable);
        }
        VisitorCount count = read(counterId, invocation);
        return count == null
                ? error(503, "The count is unavailable at the moment. Try again later.", NO_STORE)
                : json(200, frame(count), cacheable);
    }

    private HttpResponse badge(HttpRequest request, Invocation invocation) {
        String counterId = counterId(request);
        if (!counters.allows(counterId)) {
            return error(404, NOT_FOUND, cacheable);
        }
        BadgeParameters parameters;
        try {
            parameters = BadgeParameters.of(request.query());
        } catch (IllegalArgumentException wrong) {
            return error(400, wrong.getMessage() + ".", cacheable);
        }
        VisitorCount count = read(counterId, invocation);
        // Status 200 in any case: image proxies such as GitHub's show no image with another status.
        return count == null ? svg(parameters.unavailable(), NO_STORE) : svg(parameters.badge(count), cacheable);
    }

    /** Returns the count as a broadcast sends it, so that a page reads both with the same code. */
    public static String frame(VisitorCount count) {
        return Objects.requireNonNull(MessageFormat.JSON.format(count), "JSON formats every count");
    }

    private String counterId(HttpRequest request) {
        return request.query().getOrDefault("counter", defaultCounter);
    }

    /** Returns null if the store fails. */
    private @Nullable VisitorCount read(String counterId, Invocation invocation) {
        try {
            return counts.read(counterId, invocation.deadline());
        } catch (RuntimeException failure) {
            invocation.log(
                    LogLine.error("Count not read").with("counterId", counterId).because(failure));
            return null;
        }
    }

    /** Answers a preflight, in which a browser asks whether a page may send a request. */
    private HttpResponse options() {
        return new HttpResponse(204, Map.of(CACHE_CONTROL, cacheable), "")
                .header("Allow", METHODS)
                .header("Access-Control-Allow-Methods", METHODS)
                .header("Access-Control-Max-Age", "86400");
    }

    /** Allows the pages of allowed origins to read a response. A request without an origin needs no permission. */
    private HttpResponse crossOrigin(HttpRequest request, HttpResponse response) {
        if (origins == null) {
            return response;
        }
        String origin = request.origin();
        HttpResponse varied = response.header("Vary", "Origin");
        return origin != null && origins.allow(origin) ? varied.header("Access-Control-Allow-Origin", origin) : varied;
    }

    private static HttpResponse error(int statusCode, String sentence, String cacheControl) {
        return json(statusCode, "{\"error\":\"" + sentence + "\"}", cacheControl);
    }

    private static HttpResponse json(int statusCode, String body, String cacheControl) {
        return response(statusCode, "application/json", body, cacheControl);
    }

    /** The policy holds where the document is opened by itself: nothing in it may be loaded or run. */
    private static HttpResponse svg(Badge badge, String cacheControl) {
        return response(200, "image/svg+xml", badge.svg(), cacheControl)
                .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                .header("Cross-Origin-Resource-Policy", "cross-origin");
    }

    private static HttpResponse response(int statusCode, String contentType, String body, String cacheControl) {
        return new HttpResponse(statusCode, Map.of(CONTENT_TYPE, contentType), body)
                .header(CACHE_CONTROL, cacheControl)
                .header("X-Content-Type-Options", "nosniff");
    }
}
