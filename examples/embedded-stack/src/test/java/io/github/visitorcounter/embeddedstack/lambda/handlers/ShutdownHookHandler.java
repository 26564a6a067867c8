package io.github.visitorcounter.embeddedstack.lambda.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Registers shutdown hooks, each of which creates a file of its name. A thread that was started is no hook. */
public class ShutdownHookHandler implements RequestHandler<Object, String> {

    public ShutdownHookHandler() {
        Runtime.getRuntime().addShutdownHook(hook("called"));
        Consumer<Thread> reference = Runtime.getRuntime()::addShutdownHook;
        reference.accept(hook("by-reference"));
        Thread removed = hook("removed");
        Runtime.getRuntime().addShutdownHook(removed);
        Runtime.getRuntime().removeShutdownHook(removed);
        Thread started = new Thread(() -> {});
        started.start();
        try {
            Runtime.getRuntime().addShutdownHook(started);
            Runtime.getRuntime().addShutdownHook(hook("started-was-accepted"));
        } catch (IllegalArgumentException expected) {
            Runtime.getRuntime().addShutdownHook(hook("started-was-rejected"));
        }
    }

    private static Thread hook(String name) {
        Path file = Path.of(System.getenv("FOLDER"), name);
        return new Thread(() -> {
            try {
                Files.createFile(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public String handleRequest(Object event, Context context) {
        return "handled";
    }
}
