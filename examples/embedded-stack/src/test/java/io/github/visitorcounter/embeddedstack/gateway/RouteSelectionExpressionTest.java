package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RouteSelectionExpressionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "$request.body.action; {'action':'ping'}; ping",
                "${request.body.action}; {'action':'ping'}; ping",
                "${request.body.a.b}; {'a':{'b':'deep'}}; deep",
                "$request.body.a.b; {'a':{'b':'deep'}}; deep",
                "$request.body.action; {'action':7}; 7",
                "${request.body.a}/${request.body.b}; {'a':'x','b':'y'}; x/y",
                "\\$default; {'action':'ping'}; $default",
            })
    void a_message_selects_its_route(String expression, String body, String key) throws Exception {
        assertThat(evaluate(expression, body)).hasValue(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "7", "'ping'", "{'action':null}", "{'action':{}}", "{'action':['ping']}"})
    void a_message_without_the_field_selects_no_route(String body) throws Exception {
        assertThat(evaluate("$request.body.action", body)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$", "$request.header.x", "$request.body", "${request.body.action", "a$b", "a\\b"})
    void expressions_that_api_gateway_rejects_are_rejected(String expression) {
        assertThatThrownBy(() -> RouteSelectionExpression.parse(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Route selection expression \"" + expression + "\"")
                .hasMessageContaining("Allowed");
    }

    @Test
    void the_position_of_the_error_is_reported() {
        assertThatThrownBy(() -> RouteSelectionExpression.parse("ab$request.query.x"))
                .hasMessageContaining("character 3");
    }

    private static Optional<String> evaluate(String expression, String body) throws Exception {
        JsonNode json = new JsonMapper().readTree(body.replace('\'', '"'));
        return RouteSelectionExpression.parse(expression).evaluate(path -> MessageRoute.valueAt(path, json));
    }
}
