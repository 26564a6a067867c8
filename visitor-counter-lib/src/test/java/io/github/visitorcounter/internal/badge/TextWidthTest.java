package io.github.visitorcounter.internal.badge;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TextWidthTest {

    /** The sums of the advance widths in the font. */
    @ParameterizedTest
    @CsvSource({
        "visitors, 39.71",
        "0123456789, 69.96",
        "MMMM, 37.09",
        "iiii, 12.06",
        "here now, 51.282",
        "~, 9.0",
        "'', 0"
    })
    void width_is_that_of_verdana(String text, double width) {
        assertThat(TextWidth.of(text)).isCloseTo(width, within(0.01));
        assertThat(TextWidth.isKnown(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"Zürich, Zurich", "São, Sao", "naïve, naive", "Ångström, Angstrom", "cafe\u0301, cafe"})
    void letter_with_an_accent_is_as_wide_as_the_letter(String accented, String plain) {
        assertThat(TextWidth.of(accented)).isEqualTo(TextWidth.of(plain));
        assertThat(TextWidth.isKnown(accented)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"посетители", "επισκέπτες", "زوار", "訪問者", "방문자", "आगंतुक", "👋", "straße"})
    void other_scripts_are_estimated_and_never_narrow(String text) {
        assertThat(TextWidth.isKnown(text)).isFalse();
        assertThat(TextWidth.of(text)).isBetween(text.length() * 4.0, text.length() * 13.0);
    }

    @Test
    void korean_syllable_is_one_square_composed_or_not() {
        assertThat(TextWidth.of("방문자")).isBetween(33.0, 40.0);
        assertThat(TextWidth.of("\u1107\u1161\u11bc")).isEqualTo(TextWidth.of("방"));
    }

    @Test
    void joiners_have_no_width() {
        assertThat(TextWidth.of("a\u200db")).isEqualTo(TextWidth.of("ab"));
    }
}
