package io.github.visitorcounter.embeddedstack.client;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JsonFieldTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"live\":2}",
                "{\"live\" : 2, \"total\":3}",
                "{\"a\":{\"b\":[{\"x\":1,\"live\":2}]}}",
                "{\n  \"live\": 2\n}"
            })
    void a_number_is_found_at_any_depth(String json) {
        assertThat(found(json, "live", 2)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"live\":20}",
                "{\"live\":2.5}",
                "{\"live\":\"2\"}",
                "{\"alive\":2}",
                "{\"text\":\"{\\\"live\\\":2}\"}",
                "{\"text\":\" \\\"live\\\":2,\"}",
                "[\"live\",2]",
                "live 2"
            })
    void similar_text_is_not_found(String json) {
        assertThat(found(json, "live", 2)).isFalse();
    }

    @Test
    void strings_booleans_and_null_are_written_as_in_json() {
        assertThat(found("{\"a\":\"x\\\"y\\n\"}", "a", "x\"y\n")).isTrue();
        assertThat(found("{\"a\":true}", "a", true)).isTrue();
        assertThat(found("{\"a\":null}", "a", null)).isTrue();
        assertThat(found("{\"a\":\"null\"}", "a", null)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonField.pattern("a", List.of()))
                .withMessageContaining("Allowed: a string, a number, a boolean, and null");
    }

    private static boolean found(String json, String name, @Nullable Object value) {
        return JsonField.pattern(name, value).matcher(json).find();
    }
}
