package io.github.visitorcounter.embeddedstack.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code $context.connectionId}, {@code ${context.identity.sourceIp}} and the like; missing values are empty.
 */
final class MockTemplate {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PATH = "context((?:\\.[A-Za-z][A-Za-z0-9_]*)+)";
    private static final Pattern VARIABLE = Pattern.compile("\\$!?(?:\\{" + PATH + "}|" + PATH + ")");

    private MockTemplate() {}

    static String fill(String template, Events.Event event) {
        Matcher variables = VARIABLE.matcher(template);
        if (!variables.find()) {
            return template;
        }
        JsonNode context = context(event);
        return variables.replaceAll(variable -> {
            String path = variable.group(1) == null ? variable.group(2) : variable.group(1);
            JsonNode value = context.at(path.replace('.', '/'));
            return Matcher.quoteReplacement(value.asText(""));
        });
    }

    private static JsonNode context(Events.Event event) {
        try {
            return JSON.readTree(event.json()).path("requestContext");
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("An event is JSON", impossible);
        }
    }
}
