package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Returns its environment, read by every method of the JDK, and its static state. */
public class EnvironmentHandler implements RequestHandler<Object, Map<String, Object>> {

    private static final String AT_INITIALISATION = System.getenv("GREETING");
    private static final AtomicInteger CALLS = new AtomicInteger();

    @Override
    public Map<String, Object> handleRequest(Object event, Context context) {
        Map<String, Object> seen = new HashMap<>();
        seen.put("atInitialisation", AT_INITIALISATION);
        seen.put("byReference", Optional.of("GREETING").map(System::getenv).orElse(null));
        seen.put("all", System.getenv());
        seen.put("calls", CALLS.incrementAndGet());
        seen.put(
                "contextClassLoader",
                Thread.currentThread().getContextClassLoader() == getClass().getClassLoader());
        return seen;
    }
}
