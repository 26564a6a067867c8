package io.github.visitorcounter.internal.lambda;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GatewayEventsTest {

    private static final Map<String, Object> AUTHORIZED =
            Map.of("principalId", "user-7", "role", "editor", "level", "3", "integrationLatency", 36, "trusted", true);

    @Test
    void every_event_contains_the_authorizer_context() throws IOException {
        assertThat(GatewayEvents.connectRequest(stream(Events.load("connect-authorized")))
                        .authorizer())
                .isEqualTo(AUTHORIZED);
        assertThat(GatewayEvents.message(stream(Events.load("message-authorized")))
                        .authorizer())
                .isEqualTo(AUTHORIZED);
        assertThat(GatewayEvents.disconnection(stream(Events.load("disconnect-authorized")))
                        .authorizer())
                .isEqualTo(AUTHORIZED);
    }

    @Test
    void context_is_empty_without_an_authorizer() throws IOException {
        assertThat(GatewayEvents.connectRequest(stream(Events.load("connect"))).authorizer())
                .isEmpty();
        assertThat(GatewayEvents.message(stream(Events.load("message"))).authorizer())
                .isEmpty();
        assertThat(GatewayEvents.disconnection(stream(Events.load("disconnect")))
                        .authorizer())
                .isEmpty();
    }

    @Test
    void context_is_immutable() throws IOException {
        Map<String, Object> authorizer = GatewayEvents.connectRequest(stream(Events.load("connect-authorized")))
                .authorizer();

        assertThatThrownBy(() -> authorizer.put("role", "owner")).isInstanceOf(UnsupportedOperationException.class);
    }

    /** A mapping template may write an empty string if there is no authorizer. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "[]", "[{\"role\":\"owner\"}]", "7"})
    void context_other_than_an_object_is_empty(String authorizer) throws IOException {
        String event = Events.load("connect-authorized")
                .toString()
                .replaceFirst("\"authorizer\":\\{[^}]*\\}", "\"authorizer\":" + authorizer);

        assertThat(event).contains("\"authorizer\":" + authorizer);
        assertThat(GatewayEvents.connectRequest(stream(event)).authorizer()).isEmpty();
    }

    @Test
    void nested_values_are_omitted() throws IOException {
        ObjectNode event = Events.load("connect");
        ObjectNode authorizer = event.withObject("/requestContext/authorizer");
        authorizer.put("role", "editor").put("ratio", 0.5).put("large", Long.MAX_VALUE);
        authorizer.putObject("claims").put("role", "owner");
        authorizer.putArray("groups").add("owners");
        authorizer.putNull("nothing");

        assertThat(GatewayEvents.connectRequest(stream(event)).authorizer())
                .isEqualTo(Map.of("role", "editor", "ratio", 0.5, "large", Long.MAX_VALUE));
    }

    private static InputStream stream(Object event) {
        return new ByteArrayInputStream(event.toString().getBytes(StandardCharsets.UTF_8));
    }
}
