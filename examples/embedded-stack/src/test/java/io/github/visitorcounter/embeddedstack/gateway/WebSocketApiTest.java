package io.github.visitorcounter.embeddedstack.gateway;

import io.github.visitorcounter.embeddedstack.gateway.RouteTarget.LambdaProxy;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget.Mock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WebSocketApiTest {

    @Test
    void the_default_limits_are_those_of_aws() {
        WebSocketApi api = WebSocketApi.builder().build();

        assertThat(api.stage()).isEqualTo("local");
        assertThat(api.idleTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(api.maximumDuration()).isEqualTo(Duration.ofHours(2));
        assertThat(api.integrationTimeout()).isEqualTo(Duration.ofSeconds(29));
    }

    @Test
    void all_problems_are_reported_at_once() {
        WebSocketApi.Builder builder = WebSocketApi.builder()
                .stage("a/b")
                .apiId("")
                .idleTimeout(Duration.ZERO)
                .maximumDuration(Duration.ofSeconds(-1))
                .integrationTimeout(Duration.ofSeconds(30))
                .routeSelectionExpression("$request.header.x")
                .route("$conect", new LambdaProxy("f"))
                .route("ping", new Mock("pong"))
                .route("ping", new Mock("pong"));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Stage \"a/b\"")
                .hasMessageContaining("API id \"\"")
                .hasMessageContaining("Idle timeout is PT0S")
                .hasMessageContaining("Maximum duration is PT-1S")
                .hasMessageContaining("Integration timeout is PT30S")
                .hasMessageContaining("$request.header.x")
                .hasMessageContaining("Route key \"$conect\"")
                .hasMessageContaining("Route ping is defined twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$input.body", "${input}", "$contextual", "$!x", "#set($a = 1)", "#if(true)x#end"})
    void a_template_with_unsupported_references_is_rejected(String template) {
        WebSocketApi.Builder builder = WebSocketApi.builder().routeWithResponse("ping", new Mock(template));

        assertThatThrownBy(builder::build).hasMessageContaining("only $context. is filled in");
    }

    @Test
    void connect_and_disconnect_routes_may_have_a_response() {
        WebSocketApi api = WebSocketApi.builder()
                .routeWithResponse(WebSocketApi.CONNECT, new LambdaProxy("f"))
                .routeWithResponse(WebSocketApi.DISCONNECT, new LambdaProxy("f"))
                .build();

        assertThat(api.functionNames()).containsExactly("f");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"pong\"}",
                "{\"id\":\"$context.connectionId\"}",
                "${context.stage}",
                "costs $5",
                "#1",
                ""
            })
    void a_template_of_plain_text_is_accepted(String template) {
        WebSocketApi api = WebSocketApi.builder()
                .routeWithResponse("ping", new Mock(template))
                .build();

        assertThat(api.route("ping").orElseThrow().target()).isEqualTo(new Mock(template));
    }
}
