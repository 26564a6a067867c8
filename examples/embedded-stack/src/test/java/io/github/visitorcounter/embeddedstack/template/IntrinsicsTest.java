package io.github.visitorcounter.embeddedstack.template;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class IntrinsicsTest {

    @TempDir
    private Path folder;

    private final Intrinsics intrinsics = new Intrinsics(
            Map.of("Size", "7", "Names", List.of("a", "b"), "AWS::Region", "eu-west-1"),
            Map.of(
                    "IsSeven", Map.of("Fn::Equals", List.of(Map.of("Ref", "Size"), "7")),
                    "IsNot", Map.of("Fn::Not", List.of(Map.of("Condition", "IsSeven"))),
                    "Both", Map.of("Fn::And", List.of(Map.of("Condition", "IsSeven"), Map.of("Condition", "IsNot"))),
                    "Circle", Map.of("Fn::Not", List.of(Map.of("Condition", "Circle"))),
                    "Either", Map.of("Fn::Or", List.of(Map.of("Condition", "IsSeven"), Map.of("Condition", "IsNot")))),
            Map.of("Sizes", Map.of("eu-west-1", Map.of("small", "1"))),
            Map.of("shared:Vpc", "vpc-1"),
            new Intrinsics.References() {
                @Override
                public boolean has(String resource) {
                    return List.of("Table", "Queue", "F.Alias").contains(resource);
                }

                @Override
                public @Nullable String ref(String resource) {
                    return resource.equals("Queue") ? null : "the-" + resource;
                }

                @Override
                public @Nullable String attribute(String resource, String attribute) {
                    return resource.equals("Table") ? "arn:" + resource + ":" + attribute : null;
                }
            });

    @Test
    void an_import_has_the_value_that_was_given() {
        assertThat(intrinsics.resolve(Map.of("Fn::ImportValue", "shared:Vpc"))).isEqualTo("vpc-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> intrinsics.resolve(Map.of("Fn::ImportValue", "shared:Subnet")))
                .withMessageContaining("imports shared:Subnet, the export of another stack: give its value");
    }

    @Test
    void a_condition_that_refers_to_itself_is_reported() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> intrinsics.holds("Circle"))
                .withMessage("refers to itself: the condition Circle, which needs the condition Circle");
    }

    @Test
    void absence_is_determined_without_evaluation() {
        Map<String, Object> broken = Map.of("Ref", "Nowhere");
        Map<String, Object> none = Map.of("Ref", "AWS::NoValue");
        assertThat(intrinsics.isAbsent(broken)).isFalse();
        assertThat(intrinsics.isAbsent(none)).isTrue();
        assertThat(intrinsics.isAbsent(Map.of("Fn::If", List.of("IsSeven", none, broken))))
                .isTrue();
        assertThat(intrinsics.isAbsent(Map.of("Fn::If", List.of("IsNot", none, broken))))
                .isFalse();
    }

    @Test
    void references_are_values() throws IOException {
        assertThat(value("!Ref Size")).isEqualTo("7");
        assertThat(value("!Ref Names")).isEqualTo(List.of("a", "b"));
        assertThat(value("!Ref Table")).isEqualTo("the-Table");
        assertThat(value("!Ref F.Alias")).isEqualTo("the-F.Alias");
        assertThat(value("!GetAtt Table.Arn")).isEqualTo("arn:Table:Arn");
        assertThat(value("{Fn::GetAtt: [Table, StreamArn]}")).isEqualTo("arn:Table:StreamArn");
        assertThat(value("!Ref AWS::NoValue")).isNull();
    }

    @Test
    void references_to_unsupported_resources_are_kept() throws IOException {
        assertThat(value("!Ref Queue")).isEqualTo("${Queue}");
        assertThat(value("!GetAtt Queue.Arn")).isEqualTo("${Queue.Arn}");
        assertThat(value("!Sub 'x ${Queue.Arn}'")).isEqualTo("x ${Queue.Arn}");
    }

    @Test
    void strings_are_joined() throws IOException {
        assertThat(value("!Sub '${AWS::Region}/${Table}/${Table.Arn}/${!Literal}'"))
                .isEqualTo("eu-west-1/the-Table/arn:Table:Arn/${Literal}");
        assertThat(value("!Sub ['${Own}-${Size}', {Own: !Ref Table}]")).isEqualTo("the-Table-7");
        assertThat(value("!Join ['-', [a, !Ref Size]]")).isEqualTo("a-7");
        assertThat(value("!Join [',', !Ref Names]")).isEqualTo("a,b");
        assertThat(value("!Select [1, !Split [/, a/b/c]]")).isEqualTo("b");
        assertThat(value("!FindInMap [Sizes, !Ref AWS::Region, small]")).isEqualTo("1");
        assertThat(value("{Fn::Base64: hello}")).isEqualTo("aGVsbG8=");
    }

    @Test
    void conditions_select_values() throws IOException {
        assertThat(value("!If [IsSeven, a, b]")).isEqualTo("a");
        assertThat(value("!If [IsNot, a, b]")).isEqualTo("b");
        assertThat(value("!If [Both, a, b]")).isEqualTo("b");
        assertThat(value("!If [Either, a, b]")).isEqualTo("a");
        assertThat(value("[1, !If [IsNot, 2, !Ref AWS::NoValue], 3]")).isEqualTo(Arrays.asList("1", "3"));
        assertThat(value("{a: !If [IsNot, 2, !Ref AWS::NoValue], b: 3}")).isEqualTo(Map.of("b", "3"));
    }

    @Test
    void unquoted_scalars_are_strings() throws IOException {
        assertThat(value("[true, 007, 2012-10-17, 1.50]")).isEqualTo(List.of("true", "007", "2012-10-17", "1.50"));
    }

    @Test
    void invalid_functions_are_rejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> value("!Ref Nobody"))
                .withMessage("refers to Nobody, which the template does not have");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> value("!GetAZs x"))
                .withMessageStartingWith("uses Fn::GetAZs. Known: Ref,");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> value("!If [Never, a, b]"))
                .withMessage("refers to the condition Never, which the template does not have");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> value("!Sub ['${x}', {x: [1]}]"))
                .withMessage("must be text, not the list [1]");
    }

    private @Nullable Object value(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("value.yaml"), "Resources: {}\nValue: " + yaml);
        return intrinsics.resolve(TemplateFile.read(file).get("Value"));
    }
}
