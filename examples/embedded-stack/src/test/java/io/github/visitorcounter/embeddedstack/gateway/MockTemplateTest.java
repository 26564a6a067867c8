package io.github.visitorcounter.embeddedstack.gateway;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class MockTemplateTest {

    private static final Events.Event EVENT = new Events.Event("r", """
            {"requestContext": {"connectionId": "abc=", "connectedAt": 17, "identity": {"sourceIp": "127.0.0.1"}}}""");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"id\":\"$context.connectionId\"}; {\"id\":\"abc=\"}",
                "${context.connectionId}x; abc=x",
                "$context.identity.sourceIp at $context.connectedAt; 127.0.0.1 at 17",
                "[$!context.authorizer.principalId]; []",
                "costs $5; costs $5",
            })
    void the_context_is_filled_in(String template, String filled) {
        assertThat(MockTemplate.fill(template, EVENT)).isEqualTo(filled);
    }
}
