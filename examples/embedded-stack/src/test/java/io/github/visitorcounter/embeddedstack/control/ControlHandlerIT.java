package io.github.visitorcounter.embeddedstack.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.Http;
import io.github.visitorcounter.embeddedstack.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class ControlHandlerIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final CallCounts counts = new CallCounts(Clock.systemUTC(), Prices.US_EAST_1);
    private final FaultInjector faults = new FaultInjector(new Random(1));
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.at(
                port -> new SameOriginHandler(new ControlHandler("/_local", counts::stats, faults), port));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void stats_are_json_with_the_records_names() throws Exception {
        counts.connectionAccepted();
        counts.post(200, 10);
        counts.invocation("connect", true, Duration.ofMillis(3), 512);
        counts.dynamoDbCall("Scan", 0.5, 0);

        HttpResponse<String> response = Http.send("GET", server.port(), "/_local/stats", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        JsonNode stats = JSON.readTree(response.body());
        assertThat(stats.at("/connections/open").intValue()).isEqualTo(1);
        assertThat(stats.at("/posts/byStatus/200").intValue()).isEqualTo(1);
        assertThat(stats.at("/invocations/connect/errors").intValue()).isEqualTo(1);
        assertThat(stats.at("/dynamodb/calls/Scan").intValue()).isEqualTo(1);
        assertThat(stats.at("/dynamodb/readUnits").doubleValue()).isEqualTo(0.5);
        assertThat(stats.at("/estimatedCost/total").doubleValue()).isPositive();
    }

    @Test
    void faults_are_put_shown_and_cleared() throws Exception {
        HttpResponse<String> put = Http.send("PUT", server.port(), "/_local/faults", "{\"post410Ratio\":0.5}");
        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(faults.faults().post410Ratio()).isEqualTo(0.5);

        HttpResponse<String> get = Http.send("GET", server.port(), "/_local/faults", "");
        assertThat(JSON.readTree(get.body()).path("post410Ratio").doubleValue()).isEqualTo(0.5);

        Http.send("PUT", server.port(), "/_local/faults", "{}");
        assertThat(faults.faults()).isEqualTo(Faults.NONE);
    }

    @Test
    void invalid_faults_are_rejected_with_all_problems() throws Exception {
        HttpResponse<String> response =
                Http.send("PUT", server.port(), "/_local/faults", "{\"post411Ratio\":1,\"postHangRatio\":2}");

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("problems")).hasSize(2);
        assertThat(answer.path("known").valueStream().map(JsonNode::textValue))
                .contains("post410Ratio", "dynamodbLatencyMillis")
                .hasSize(Faults.class.getRecordComponents().length);
        assertThat(faults.faults()).isEqualTo(Faults.NONE);
    }

    @Test
    void only_the_stacks_own_pages_may_set_faults() throws Exception {
        String body = "{\"post410Ratio\":1}";
        HttpResponse<String> foreign =
                Http.send("PUT", server.port(), "/_local/faults", body, "Origin", "http://evil.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(faults.faults()).isEqualTo(Faults.NONE);

        HttpResponse<String> own =
                Http.send("PUT", server.port(), "/_local/faults", body, "Origin", "http://127.0.0.1:" + server.port());
        assertThat(own.statusCode()).isEqualTo(200);
    }

    @Test
    void other_methods_and_paths_are_rejected() throws Exception {
        HttpResponse<String> method = Http.send("DELETE", server.port(), "/_local/faults", "");
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).hasValue("GET, PUT");
        assertThat(Http.send("POST", server.port(), "/_local/stats", "x").statusCode())
                .isEqualTo(405);

        HttpResponse<String> path = Http.send("GET", server.port(), "/_local/status", "");
        assertThat(path.statusCode()).isEqualTo(404);
        assertThat(path.body()).contains("/_local/stats");
    }
}
