package io.github.visitorcounter.internal.ports;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/**
 * A value that is created once, at its first use. If the creation fails, the next use tries again. Thread-safe.
 *
 * @param <T> the type of the value
 */
public final class Lazy<T> implements Supplier<T> {

    private final Supplier<? extends T> creator;
    private @Nullable T value;

    public Lazy(Supplier<? extends T> creator) {
        this.creator = creator;
    }

    @Override
    public synchronized T get() {
        T created = value;
        if (created == null) {
            created = creator.get();
            value = created;
        }
        return created;
    }
}
