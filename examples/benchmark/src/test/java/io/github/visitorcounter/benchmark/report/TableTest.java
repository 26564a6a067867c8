package io.github.visitorcounter.benchmark.report;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TableTest {

    private final Table table = new Table(
            "id",
            "Title",
            "Text",
            List.of("design", "posts", "seconds"),
            List.of(List.of("original", 45_150, 12.3456), List.of("this, ours", 2L, "not in 120 s")),
            List.of());

    @Test
    void markdown_has_rounded_numbers() {
        assertThat(table.markdown()).isEqualTo("""
                        |     design |  posts |      seconds |
                        |-----------:|-------:|-------------:|
                        |   original | 45,150 |         12.3 |
                        | this, ours |      2 | not in 120 s |
                        """);
    }

    @Test
    void csv_has_unrounded_numbers() {
        assertThat(table.csv())
                .isEqualTo("design,posts,seconds\noriginal,45150,12.3456\n\"this, ours\",2,not in 120 s\n");
    }

    @Test
    void only_the_generated_part_of_a_page_is_replaced() {
        String page = "Before\n<!-- generated: a -->\nold\n<!-- end of generated: a -->\nAfter\n";

        assertThat(GeneratedPart.of("a").replace(page, "new\n"))
                .isEqualTo("Before\n<!-- generated: a -->\n\nnew\n\n<!-- end of generated: a -->\nAfter\n");
    }

    @Test
    void a_page_without_the_part_is_rejected() {
        assertThatThrownBy(() -> GeneratedPart.of("b").replace("<!-- generated: a -->", "new"))
                .hasMessageContaining("<!-- generated: b -->");
    }
}
