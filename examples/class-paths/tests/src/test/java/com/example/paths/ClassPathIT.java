package com.example.paths;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;
import io.github.visitorcounter.embeddedstack.template.StackTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** The stack runs with any versions of its dependencies on the project's class path. */
@Timeout(240)
class ClassPathIT {

    @Test
    void the_versions_are_those_of_this_module() throws Exception {
        for (String one : System.getProperty("expected").split(" ")) {
            String[] parts = one.split("=");
            Properties found = new Properties();
            try (InputStream in =
                    ClassPathIT.class.getResourceAsStream("/META-INF/maven/" + parts[0] + "/pom.properties")) {
                assertThat(in).as(one).isNotNull();
                found.load(in);
            }
            assertThat(found.getProperty("version")).as(parts[0]).isEqualTo(parts[1]);
        }
    }

    @Test
    void a_template_runs_with_a_function_of_this_class_path() throws Exception {
        Object server = projectsOwnServer();
        Path template = Path.of(ClassPathIT.class.getResource("/rooms.yaml").toURI());
        try (EmbeddedStack stack =
                StackTemplate.read(template, Map.of()).describe().start()) {
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(stack.endpoints().websocket(), new WebSocket.Listener() {})
                    .get(60, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (stack.dynamoDb().scan(scan -> scan.tableName("Rooms")).count() == 0) {
                assertThat(System.nanoTime()).as("the message was stored").isLessThan(deadline);
                Thread.onSpinWait();
            }
        } finally {
            stop(server);
        }
    }

    @Test
    void a_stream_reaches_a_handler_object_through_a_filter() throws Exception {
        BlockingQueue<Map<String, Object>> events = new LinkedBlockingQueue<>();
        RequestHandler<Map<String, Object>, String> handler = (event, context) -> {
            context.getLogger().log("a batch");
            events.add(event);
            return "";
        };
        try (EmbeddedStack stack = EmbeddedStack.builder()
                .table(TableDefinition.keyedBy("Rooms", "id").withStream(StreamViewType.NEW_IMAGE))
                .function(FunctionDefinition.builder("tell")
                        .handlerObjects(() -> handler)
                        .build())
                .eventSourceMapping(EventSourceMapping.builder("Rooms", "tell")
                        .filter("{\"dynamodb\":{\"NewImage\":{\"id\":{\"S\":[\"this\"]}}}}")
                        .build())
                .faults(Faults.parse("{\"dynamodbLatencyMillis\": 1}"))
                .start()) {
            for (String id : new String[] {"other", "this"}) {
                stack.dynamoDb().putItem(put -> put.tableName("Rooms")
                        .item(Map.of("id", AttributeValue.builder().s(id).build())));
            }
            assertThat(events.poll(60, TimeUnit.SECONDS))
                    .asString()
                    .contains("this")
                    .doesNotContain("other");
        }
    }

    /** The project's Jetty, if present, runs beside the stack's. */
    private static Object projectsOwnServer() throws Exception {
        try {
            Object server = Class.forName("org.eclipse.jetty.server.Server")
                    .getConstructor(int.class)
                    .newInstance(0);
            server.getClass().getMethod("start").invoke(server);
            return server;
        } catch (ClassNotFoundException none) {
            return null;
        }
    }

    private static void stop(Object server) throws Exception {
        if (server != null) {
            server.getClass().getMethod("stop").invoke(server);
        }
    }
}
