package io.github.visitorcounter.embeddedstack.isolation;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.InvalidFaultsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IsolationTest {

    private static final String ENGINE = "io.github.visitorcounter.embeddedstack.engine.Engine";

    private final StackClassLoader own = new StackClassLoader(OwnJars.find(Isolation.project()), Isolation.project());

    @Test
    void the_stack_loads_its_own_copies_of_common_libraries() throws Exception {
        for (String name : List.of(
                ObjectMapper.class.getName(),
                "org.eclipse.jetty.server.Server",
                "org.slf4j.LoggerFactory",
                "software.amazon.awssdk.services.dynamodb.DynamoDbClient",
                ENGINE)) {
            assertThat(own.loadClass(name).getClassLoader()).as(name).isSameAs(own);
        }
    }

    @Test
    void shared_types_are_the_same_on_both_sides() throws Exception {
        for (String name : Shared.TYPES) {
            assertThat(own.loadClass(name)).as(name).isSameAs(Class.forName(name));
        }
    }

    @Test
    void classes_of_the_project_are_not_visible() {
        assertThatThrownBy(() -> own.loadClass("org.junit.jupiter.api.Test"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThat(own.getResource("org/junit/jupiter/api/Test.class")).isNull();
    }

    @Test
    void exceptions_are_the_same_on_both_sides() {
        assertThatThrownBy(() -> Faults.parse("{\"post429Ratio\": 2}")).isInstanceOf(InvalidFaultsException.class);
    }

    @Test
    void jars_inside_a_jar_are_unpacked(@TempDir Path folder) throws Exception {
        Path artifact = folder.resolve("artifact.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(artifact))) {
            for (String entry : List.of(
                    OwnJars.class.getName().replace('.', '/') + ".class",
                    "META-INF/embedded-stack/lib/a.jar",
                    "META-INF/embedded-stack/conf/simplelogger.properties",
                    "software/amazon/dynamodb/services/local/server/LocalDynamoDBServerHandler.class")) {
                jar.putNextEntry(new JarEntry(entry));
                jar.write(entry.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                jar.closeEntry();
            }
        }
        try (java.net.URLClassLoader project =
                new java.net.URLClassLoader(new URL[] {artifact.toUri().toURL()}, null)) {
            List<Path> places = List.of(OwnJars.find(project)).stream()
                    .map(url -> Path.of(java.net.URI.create(url.toString())))
                    .toList();
            assertThat(places).hasSize(4);
            assertThat(places.get(0)).isEqualTo(artifact);
            assertThat(places.get(1).resolve("simplelogger.properties"))
                    .hasContent("META-INF/embedded-stack/conf/simplelogger.properties");
            assertThat(places.get(2)).hasFileName("a.jar").hasContent("META-INF/embedded-stack/lib/a.jar");
            assertThat(places.get(3)).isEqualTo(artifact);
        }
    }
}
