package io.github.visitorcounter;

import io.github.visitorcounter.broadcast.MessageFormat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The values of the {@linkplain Setting settings} of a visitor counter. A value that code sets overrides the
 * environment variable, which overrides the default. Immutable.
 *
 * <p>The variables of the AWS SDK configure how AWS is reached, for instance {@code AWS_REGION} and
 * {@code AWS_ENDPOINT_URL_DYNAMODB}.
 *
 * @since 0.1.0
 */
public final class VisitorCounterConfig {

    private final Map<Setting<?>, Object> values;

    private VisitorCounterConfig(Map<Setting<?>, Object> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Reads the settings from this process's environment.
     *
     * @param required settings without a default that must be set
     * @return the settings
     * @throws InvalidConfigurationException if a variable is missing, invalid or unknown; the message lists all of them
     */
    public static VisitorCounterConfig fromEnvironment(Setting<?>... required) {
        return builder().environment(System.getenv()).require(required).build();
    }

    /**
     * Returns a builder that contains the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the value of a setting.
     *
     * @param setting the setting
     * @param <T> the type of its values
     * @return its value
     * @throws InvalidConfigurationException if the setting has no default and is not set
     */
    public <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(() -> new InvalidConfigurationException(List.of(SettingsReader.missing(setting))));
    }

    /**
     * Returns the value of a setting that may be unset.
     *
     * @param setting the setting
     * @param <T> the type of its values
     * @return its value, or empty if the setting has no default and is not set
     */
    @SuppressWarnings("unchecked") // the builder puts values of the settings' types only
    public <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting));
    }

    /**
     * Returns the format of the messages with a count, in broadcasts and in answers to {@code count}: the value of
     * {@link Setting#MESSAGE_FORMAT}.
     *
     * @return the format
     */
    public MessageFormat messageFormat() {
        return get(Setting.MESSAGE_FORMAT);
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {

        private final Map<Setting<?>, Object> overrides = new HashMap<>();
        private Map<String, String> environment = Map.of();
        private List<Setting<?>> required = List.of();

        private Builder() {}

        /**
         * Sets the environment variables, which are used for settings that code does not set. An empty variable counts
         * as unset, because a template cannot easily omit one.
         *
         * @param variables variables by name
         * @return this builder
         */
        public Builder environment(Map<String, String> variables) {
            this.environment = Map.copyOf(variables);
            return this;
        }

        /**
         * Requires that settings without a default are set.
         *
         * @param settings the settings
         * @return this builder
         */
        public Builder require(Setting<?>... settings) {
            this.required = List.of(settings);
            return this;
        }

        /**
         * Sets a setting. {@link Setting#STALE_CONNECTION_POLICY} and {@link Setting#MESSAGE_FORMAT} may be any policy
         * and format, including those that no value of the environment variable stands for.
         *
         * @param setting the setting
         * @param value its value
         * @param <T> the type of its values
         * @return this builder
         */
        public <T> Builder set(Setting<T> setting, T value) {
            overrides.put(setting, Objects.requireNonNull(value, setting.variable()));
            return this;
        }

        /**
         * Sets {@link Setting#MESSAGE_FORMAT}, the format of the messages with a count. {@link StreamBroadcastHandler},
         * {@link MessageHandler} and {@link ReconcileHandler} should use the same format. If it throws, the broadcast
         * fails and is retried; a {@code count} message is answered with an error frame.
         *
         * @param format the format
         * @return this builder
         */
        public Builder messageFormat(MessageFormat format) {
            return set(Setting.MESSAGE_FORMAT, format);
        }

        /**
         * Checks and returns the settings.
         *
         * @return the settings
         * @throws InvalidConfigurationException if a required setting is missing, a value is not allowed, or an unknown
         *     variable begins with {@code VISITOR_COUNTER_}; the message lists all problems
         */
        public VisitorCounterConfig build() {
            return new VisitorCounterConfig(new SettingsReader(environment, overrides).read(required));
        }
    }
}
