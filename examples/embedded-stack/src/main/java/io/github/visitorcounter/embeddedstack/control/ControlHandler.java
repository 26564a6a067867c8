package io.github.visitorcounter.embeddedstack.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The control API of the stack over HTTP: {@code GET /stats}, {@code GET /faults} and {@code PUT /faults} below its
 * path. Every other path and method below it is rejected; paths elsewhere are passed on.
 *
 * @since 0.1.0
 */
public final class ControlHandler extends Handler.Abstract.NonBlocking {

    private static final int MAXIMUM_BODY_BYTES = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String path;
    private final Supplier<Stats> stats;
    private final FaultInjector faults;

    /**
     * Creates the handler.
     *
     * @param path its path, for instance {@code /_local}
     * @param stats the statistics to return
     * @param faults the faults to read and replace
     */
    public ControlHandler(String path, Supplier<Stats> stats, FaultInjector faults) {
        this.path = path;
        this.stats = stats;
        this.faults = faults;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String requested = Request.getPathInContext(request);
        if (!requested.equals(path) && !requested.startsWith(path + "/")) {
            return false;
        }
        String method = request.getMethod();
        switch (requested.substring(path.length())) {
            case "/stats" -> {
                if (method.equals("GET")) {
                    respond(response, callback, 200, json(stats.get()));
                } else {
                    rejectMethod(response, callback, "GET");
                }
            }
            case "/faults" -> {
                switch (method) {
                    case "GET" -> respond(response, callback, 200, FaultsJson.write(faults.faults()));
                    case "PUT" -> put(request, response, callback);
                    default -> rejectMethod(response, callback, "GET, PUT");
                }
            }
            default ->
                respond(
                        response,
                        callback,
                        404,
                        json(Map.of("message", "There are " + path + "/stats and " + path + "/faults")));
        }
        return true;
    }

    private void put(Request request, Response response, Callback callback) {
        Content.Source.asByteArrayAsync(
                request, MAXIMUM_BODY_BYTES, Promise.Invocable.from(getInvocationType(), (body, error) -> {
                    if (error != null) {
                        reject(response, callback, List.of("more than " + MAXIMUM_BODY_BYTES + " bytes"));
                        return;
                    }
                    try {
                        faults.set(FaultsJson.read(new String(body, StandardCharsets.UTF_8)));
                        respond(response, callback, 200, FaultsJson.write(faults.faults()));
                    } catch (InvalidFaultsException e) {
                        reject(response, callback, e.problems());
                    }
                }));
    }

    private static void reject(Response response, Callback callback, List<String> problems) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("message", "The faults were left as they are");
        answer.put("problems", problems);
        answer.put("known", FaultsJson.names());
        respond(response, callback, 400, json(answer));
    }

    private static void rejectMethod(Response response, Callback callback, String allowed) {
        response.getHeaders().put(HttpHeader.ALLOW, allowed);
        respond(response, callback, 405, json(Map.of("message", "Allowed: " + allowed)));
    }

    private static void respond(Response response, Callback callback, int status, String body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("Records of numbers and strings have a JSON form", impossible);
        }
    }
}
