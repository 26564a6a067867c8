package io.github.visitorcounter.benchmark.cold;

import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.StreamBroadcastHandler;
import io.github.visitorcounter.benchmark.micro.SampleEvents;

import java.nio.charset.StandardCharsets;

/** A function to start, in each language. */
enum Function {
    CONNECT("$connect", ConnectHandler.class, "NaiveConnectHandler", "connect.mjs"),
    BROADCAST("broadcast", StreamBroadcastHandler.class, "NaiveBroadcastHandler", "broadcast.mjs");

    private static final String SAMPLE_CONNECTION = "L0SM9cOFvHcCIhw=";
    private static final String SAMPLE_TIME = "1645556857902";
    private static final String NAIVE = "io.github.visitorcounter.benchmark.naive.";

    private final String title;
    private final Class<?> handler;
    private final String naiveHandler;
    private final String script;

    Function(String title, Class<?> handler, String naiveHandler, String script) {
        this.title = title;
        this.handler = handler;
        this.naiveHandler = naiveHandler;
        this.script = script;
    }

    /** The event: this connection has been accepted just now. */
    String event(String connectionId) {
        byte[] event = this == CONNECT ? SampleEvents.connect() : SampleEvents.batch(1);
        return new String(event, StandardCharsets.UTF_8)
                .replace(SAMPLE_CONNECTION, connectionId)
                .replace(SAMPLE_TIME, Long.toString(System.currentTimeMillis()));
    }

    /** Its name in tables. */
    String title() {
        return title;
    }

    /** The library's handler, as a template names it. */
    String handler() {
        return handler.getName();
    }

    /** The handler with the SDK's defaults, as a template names it. */
    String naiveHandler() {
        return NAIVE + naiveHandler;
    }

    /** The handler in JavaScript. */
    String script() {
        return script;
    }
}
