package io.github.visitorcounter.internal.badge;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BadgeColorTest {

    @ParameterizedTest
    @CsvSource({"blue, 007ec6", "BrightGreen, 44cc11", "'#0a0b0c', 0a0b0c", "ABC, aabbcc", "e05d44, e05d44"})
    void colours_are_names_or_digits(String text, String rgb) {
        assertThat(BadgeColor.of(text)).hasValue(new BadgeColor(rgb));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#",
                "ab",
                "abcd",
                "abcdefa",
                "##fff",
                "url(#s)",
                "\"/><script>",
                "rebeccapurple",
                "fff;",
                "fff\n",
                "ｆｆｆ",
                "expression(1)"
            })
    void others_are_not(String text) {
        assertThat(BadgeColor.of(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ffffff, true", "yellow, false", "ffff00, true", "000000, false", "blue, false"})
    void bright_colours_have_dark_text(String text, boolean needsDarkText) {
        assertThat(BadgeColor.of(text).orElseThrow().needsDarkText()).isEqualTo(needsDarkText);
    }
}
