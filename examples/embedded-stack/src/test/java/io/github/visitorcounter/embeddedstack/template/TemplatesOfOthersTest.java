package io.github.visitorcounter.embeddedstack.template;

import io.github.visitorcounter.embeddedstack.lambda.handlers.EchoHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Features of public templates. */
class TemplatesOfOthersTest {

    @TempDir
    private Path folder;

    @Test
    void ignored_properties_are_not_evaluated() throws IOException {
        StackTemplate template = read("""
                Resources:
                  Chat:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: com.example.Chat
                      VpcConfig:
                        SubnetIds: [!ImportValue SubnetA]
                        SecurityGroupIds: [!GetAtt Nobody.GroupId]
                      FileSystemConfigs: !Ref AWS::NoValue
                """, TemplateOptions.NONE);

        assertThat(template.unsupportedResources()).containsExactly("AWS::Serverless::Function VpcConfig (Chat)");
    }

    @Test
    void imports_have_the_given_values() throws IOException {
        String text = """
                Resources:
                  Chat:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: !ImportValue shared:Handler
                """;

        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(() -> read(text, TemplateOptions.NONE))
                .withMessageContaining("Chat.Handler imports shared:Handler, the export of another stack");
        assertThat(read(text, TemplateOptions.NONE.withImport("shared:Handler", "com.example.Chat"))
                        .functions())
                .singleElement()
                .satisfies(function -> assertThat(function.handler()).isEqualTo("com.example.Chat"));
    }

    @Test
    void a_simple_table_has_one_key() throws IOException {
        StackTemplate template = read("""
                Resources:
                  Plain: {Type: AWS::Serverless::SimpleTable}
                  Named:
                    Type: AWS::Serverless::SimpleTable
                    Properties: {TableName: scores, PrimaryKey: {Name: points, Type: Number}, Tags: {a: b}}
                """, TemplateOptions.NONE);

        assertThat(template.tables())
                .extracting(table -> table.name()
                        + table.request().keySchema().get(0).attributeName()
                        + table.request().attributeDefinitions().get(0).attributeTypeAsString())
                .containsExactly("PlainidS", "scorespointsN");
        assertThat(template.unsupportedResources()).isEmpty();
    }

    @Test
    void a_template_that_refers_to_itself_is_reported() {
        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(() -> read("""
                        Resources:
                          One: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: !Sub '${Two}-x'}}
                          Two: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: !Sub '${One}-y'}}
                        """, TemplateOptions.NONE))
                .withMessageContaining("refers to itself: Two, which needs One, which needs Two");
        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(() -> read("""
                        Conditions:
                          Here: !Not [!Condition Here]
                        Resources:
                          One: {Type: AWS::Serverless::SimpleTable, Condition: Here}
                        """, TemplateOptions.NONE))
                .withMessageContaining("the condition Here, which needs the condition Here");
        assertThatExceptionOfType(InvalidTemplateException.class)
                .isThrownBy(() -> read("""
                        Resources:
                          One: &one {Type: AWS::Serverless::SimpleTable, Properties: {Tags: *one}}
                        """, TemplateOptions.NONE))
                .withMessageContaining("anchor");
    }

    @Test
    void an_optional_api_key_is_supported() throws IOException {
        StackTemplate template = read("""
                Resources:
                  Chat: {Type: AWS::Serverless::Function, Properties: {Handler: com.example.Chat}}
                  Api:
                    Type: AWS::Serverless::WebSocketApi
                    Properties:
                      RouteSelectionExpression: $request.body.action
                      Routes: {$connect: {FunctionArn: !GetAtt Chat.Arn, ApiKeyRequired: false}}
                """, TemplateOptions.NONE);

        assertThat(template.unsupportedResources()).isEmpty();
    }

    @Test
    void code_is_found_in_the_output_of_build_tools() throws IOException {
        touch("maven/target/classes/A.class", "maven/target/dependency/b.jar", "maven/target/maven-1.jar");
        touch("shaded/target/classes/A.class", "shaded/target/original-shaded-1.jar");
        Files.writeString(touch("shaded/target/shaded-1.jar"), "larger");
        touch(
                "gradle/build/classes/java/main/A.class",
                "gradle/build/resources/main/a.txt",
                "gradle/build/libs/g-all.jar");
        touch("unpacked/com/A.class", "unpacked/lib/c.jar");
        touch("function.jar");
        touch(".aws-sam/build/Built/A.class", ".aws-sam/build/Built/lib/d.jar");
        StackTemplate template = read("""
                Globals: {Function: {Handler: com.example.NotHere}}
                Resources:
                  Maven: {Type: AWS::Serverless::Function, Properties: {CodeUri: maven}}
                  Shaded: {Type: AWS::Serverless::Function, Properties: {CodeUri: ./shaded/}}
                  Gradle: {Type: AWS::Serverless::Function, Properties: {CodeUri: gradle}}
                  Unpacked: {Type: AWS::Serverless::Function, Properties: {CodeUri: unpacked}}
                  Jar: {Type: AWS::Serverless::Function, Properties: {CodeUri: function.jar}}
                  Built: {Type: AWS::Serverless::Function, Properties: {CodeUri: maven}}
                  Bucket: {Type: AWS::Serverless::Function, Properties: {CodeUri: {Bucket: b, Key: k}}}
                """, TemplateOptions.NONE);

        assertThat(classPath(template, "Maven"))
                .containsExactly("maven/target/classes", "maven/target/dependency/b.jar");
        assertThat(classPath(template, "Shaded"))
                .containsExactly("shaded/target/classes", "shaded/target/shaded-1.jar");
        assertThat(classPath(template, "Gradle"))
                .containsExactly(
                        "gradle/build/classes/java/main", "gradle/build/resources/main", "gradle/build/libs/g-all.jar");
        assertThat(classPath(template, "Unpacked")).containsExactly("unpacked", "unpacked/lib/c.jar");
        assertThat(classPath(template, "Jar")).containsExactly("function.jar");
        assertThat(classPath(template, "Built"))
                .containsExactly(".aws-sam/build/Built", ".aws-sam/build/Built/lib/d.jar");
        assertThat(classPath(template, "Bucket")).isEmpty();
    }

    @Test
    void the_given_class_path_takes_precedence() throws IOException {
        touch("maven/target/classes/A.class");
        String text = """
                Resources:
                  Here: {Type: AWS::Serverless::Function, Properties: {CodeUri: maven, Handler: %s}}
                """.formatted(EchoHandler.class.getName());

        assertThat(classPath(read(text, TemplateOptions.NONE), "Here")).isEmpty();
        assertThat(classPath(read(text, TemplateOptions.NONE.withClassPath(List.of(folder.resolve("x.jar")))), "Here"))
                .containsExactly("x.jar");
    }

    private List<String> classPath(StackTemplate template, String function) {
        return template.functions().stream()
                .filter(candidate -> candidate.name().equals(function))
                .flatMap(candidate -> candidate.classPath().stream())
                .map(path -> folder.relativize(path).normalize().toString().replace('\\', '/'))
                .toList();
    }

    private Path touch(String... files) throws IOException {
        Path path = folder;
        for (String file : files) {
            path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "");
        }
        return path;
    }

    private StackTemplate read(String text, TemplateOptions options) throws IOException {
        return StackTemplate.read(Files.writeString(folder.resolve("template.yaml"), text), options);
    }
}
