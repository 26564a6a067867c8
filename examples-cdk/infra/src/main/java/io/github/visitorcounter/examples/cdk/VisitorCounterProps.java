package io.github.visitorcounter.examples.cdk;

import software.amazon.awscdk.services.lambda.Code;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a {@link VisitorCounter} is made of.
 *
 * @param code what the functions run: the library and its dependencies
 * @param counters the counters that a page may choose; a page that names none is counted by {@code site}
 */
public record VisitorCounterProps(Code code, List<String> counters) {

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there is no counter
     */
    public VisitorCounterProps {
        Objects.requireNonNull(code, "code");
        counters = List.copyOf(counters);
        if (counters.isEmpty()) {
            throw new IllegalArgumentException("counters is empty: name at least one, for instance site");
        }
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects what a visitor counter is made of. Not thread-safe. */
    public static final class Builder {

        private Code code;
        private List<String> counters = List.of("site");

        private Builder() {}

        /**
         * Sets what the functions run. There is no default.
         *
         * @param code a folder or archive with the library and its dependencies
         * @return this builder
         */
        public Builder code(Code code) {
            this.code = code;
            return this;
        }

        /**
         * Sets the counters that a page may choose; by default only {@code site}.
         *
         * @param counters ids of 1 to 100 letters, digits and {@code . _ : / -}
         * @return this builder
         */
        public Builder counters(List<String> counters) {
            this.counters = new ArrayList<>(counters);
            return this;
        }

        /**
         * Checks what was set.
         *
         * @return the properties
         * @throws NullPointerException if {@link #code} was not set
         * @throws IllegalArgumentException if there is no counter
         */
        public VisitorCounterProps build() {
            return new VisitorCounterProps(code, counters);
        }
    }
}
