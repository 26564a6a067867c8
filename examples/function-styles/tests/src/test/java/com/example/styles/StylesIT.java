package com.example.styles;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import io.github.visitorcounter.embeddedstack.gateway.RouteTarget;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Functions of each style run unchanged, each with its class path on Lambda. */
@Timeout(120)
class StylesIT {

    private static final String TABLE = "Members";

    enum Style {
        PLAIN("plain", "com.example.styles.plain.Members::connect", "com.example.styles.plain.Members::message"),
        SDK_V1("sdk-v1", "com.example.styles.v1.Connect", "com.example.styles.v1.Message"),
        SDK_V2_OLD("sdk-v2-old", "com.example.styles.v2.Connect", "com.example.styles.v2.Message"),
        SPRING("spring", SPRING_HANDLER, SPRING_HANDLER);

        private final String folder;
        private final String connect;
        private final String message;

        Style(String folder, String connect, String message) {
            this.folder = folder;
            this.connect = connect;
            this.message = message;
        }
    }

    private static final String SPRING_HANDLER = "org.springframework.cloud.function.adapter.aws.FunctionInvoker";

    @ParameterizedTest
    @EnumSource
    void a_visitor_connects_and_receives_an_answer(Style style) throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        try (EmbeddedStack stack = EmbeddedStack.builder()
                .table(TableDefinition.keyedBy(TABLE, "id"))
                .function(function("connect", style.connect, style.folder))
                .function(function("message", style.message, style.folder))
                .webSocketApi(WebSocketApi.builder()
                        .route(WebSocketApi.CONNECT, new RouteTarget.LambdaProxy("connect"))
                        .route(WebSocketApi.DEFAULT, new RouteTarget.LambdaProxy("message"))
                        .build())
                .logSink(log::add)
                .start()) {
            BlockingQueue<String> received = new LinkedBlockingQueue<>();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(stack.endpoints().websocket(), listener(received))
                    .get(60, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
            assertThat(received.poll(60, TimeUnit.SECONDS)).as("%s", log).isEqualTo(style.folder + ": hello");
            assertThat(stack.dynamoDb()
                            .scan(request -> request.tableName(TABLE))
                            .items())
                    .hasSize(1);
            if (style == Style.PLAIN) {
                assertThat(log).anyMatch(line -> line.startsWith("[connect] connect "));
            }
        }
        assertThat(log).as("no stack trace").noneMatch(line -> line.contains("\tat "));
    }

    private static FunctionDefinition function(String name, String handler, String folder) throws IOException {
        return FunctionDefinition.builder(name)
                .handler(handler)
                .classPath(classPath(folder))
                .timeout(Duration.ofSeconds(60))
                .environment("TABLE", TABLE)
                .environment("MAIN_CLASS", "com.example.styles.spring.Application")
                .environment("SPRING_CLOUD_FUNCTION_DEFINITION", name)
                .build();
    }

    private static List<Path> classPath(String folder) throws IOException {
        Path target = Path.of("..", folder, "target");
        List<Path> places = new ArrayList<>(List.of(target.resolve("classes")));
        try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
            jars.sorted().forEach(places::add);
        }
        return places;
    }

    private static WebSocket.Listener listener(BlockingQueue<String> received) {
        return new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                received.add(data.toString());
                socket.request(1);
                return null;
            }
        };
    }
}
