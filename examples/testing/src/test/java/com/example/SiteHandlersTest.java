package com.example;

import io.github.visitorcounter.ConnectHandler;
import io.github.visitorcounter.DisconnectHandler;
import io.github.visitorcounter.MessageHandler;
import io.github.visitorcounter.Ports;
import io.github.visitorcounter.ReconcileHandler;
import io.github.visitorcounter.Setting;
import io.github.visitorcounter.StreamBroadcastHandler;
import io.github.visitorcounter.VisitorCounterConfig;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ClientMessage;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.testing.InMemoryAws;
import io.github.visitorcounter.testing.TestEvent;
import io.github.visitorcounter.testing.TestResponse;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** A project's own handlers, outside of the library's packages. */
class SiteHandlersTest {

    private static final VisitorCounterConfig CONFIG = VisitorCounterConfig.builder()
            .set(Setting.ALLOWED_ORIGINS, Set.of("https://www.example.org"))
            .set(Setting.ALLOWED_COUNTERS, Set.of("site", "blog"))
            .set(Setting.CALLBACK_URL, URI.create("https://test.execute-api.us-east-1.amazonaws.com/test"))
            .build();

    private static final TestEvent CONNECT = TestEvent.connect("c1").withHeader("Origin", "https://www.example.org");

    private final InMemoryAws aws = new InMemoryAws(CONFIG);
    private final ConnectHandler connect = new SiteConnectHandler(aws.ports());
    private final DisconnectHandler disconnect = new DisconnectHandler(CONFIG, aws.ports()) {};
    private final StreamBroadcastHandler broadcast = new StreamBroadcastHandler(CONFIG, aws.ports()) {};

    private static final class SiteConnectHandler extends ConnectHandler {

        SiteConnectHandler(Ports ports) {
            super(CONFIG, ports);
        }

        @Override
        protected ConnectDecision admit(Arrival arrival) {
            String agent = arrival.request().header("User-Agent");
            return agent != null && agent.contains("bot") ? ConnectDecision.reject(403) : ConnectDecision.accept();
        }
    }

    @Test
    void crawlers_are_rejected() {
        TestResponse response = aws.invoke(connect, CONNECT.withHeader("User-Agent", "examplebot/1.0"));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(aws.count("site").total()).isZero();
        assertThat(aws.log()).anyMatch(line -> line.contains("Rejected connection"));
    }

    @Test
    void settings_are_checked() {
        assertThat(aws.invoke(connect, TestEvent.connect("c1")).statusCode()).isEqualTo(403);
        assertThat(aws.invoke(connect, CONNECT.withQueryParameter("counter", "shop"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void a_page_is_counted_and_receives_the_count() {
        aws.invoke(connect, CONNECT);
        aws.invoke(broadcast, TestEvent.counted("site", "c1"));

        assertThat(aws.count("site").live()).isEqualTo(1);
        assertThat(aws.received("c1")).singleElement().asString().contains("\"live\":1,\"total\":1");
    }

    @Test
    void a_disconnect_is_sent_by_the_wake_up() {
        TestEvent other = TestEvent.connect("c2").withHeader("Origin", "https://www.example.org");
        aws.invoke(connect, CONNECT);
        aws.invoke(connect, other);
        aws.invoke(broadcast, TestEvent.counted("site", "c2"));
        aws.invoke(disconnect, TestEvent.disconnect("c2"));
        aws.advance(Duration.ofSeconds(2));
        aws.invoke(broadcast, TestEvent.wakeUp("site"));

        assertThat(aws.received("c1")).last().asString().contains("\"live\":1,\"total\":2");
        assertThat(aws.received("c2")).isEmpty();
    }

    @Test
    void counters_are_chosen_by_the_query() {
        aws.invoke(connect, CONNECT.withQueryParameter("counter", "blog"));

        assertThat(aws.count("blog").live()).isEqualTo(1);
        assertThat(aws.count("site").live()).isZero();
    }

    @Test
    void messages_are_answered() {
        MessageHandler message = new MessageHandler(CONFIG, aws.ports()) {
            @Override
            protected String onMessage(ClientMessage received) {
                return "you wrote " + received.body();
            }
        };
        aws.invoke(connect, CONNECT);

        assertThat(aws.invoke(message, TestEvent.message("c1", "hello")).body()).isEqualTo("you wrote hello");
    }

    @Test
    void lost_connections_are_found_by_the_reconcile_job() {
        ReconcileHandler reconcile = new ReconcileHandler(CONFIG, aws.ports()) {};
        aws.invoke(connect, CONNECT);
        aws.lose("c1");
        aws.advance(Duration.ofHours(3));
        aws.invoke(reconcile, TestEvent.schedule());

        assertThat(aws.count("site").live()).isZero();
        assertThat(aws.count("site").total()).isEqualTo(1);
    }
}
