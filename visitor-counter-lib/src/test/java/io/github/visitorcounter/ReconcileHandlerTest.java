package io.github.visitorcounter;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.lambda.DaemonThreads;
import io.github.visitorcounter.internal.ports.Metrics;
import io.github.visitorcounter.internal.testing.InMemoryStore;
import io.github.visitorcounter.internal.testing.TestContext;
import io.github.visitorcounter.internal.testing.TestPorts;
import io.github.visitorcounter.internal.time.Deadline;
import io.github.visitorcounter.internal.time.TimeSource;
import io.github.visitorcounter.reconcile.ReconcileReport;
import io.github.visitorcounter.testing.Events;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReconcileHandlerTest {

    private static final Deadline LATER = new Deadline(Instant.MAX);
    private static final String SCHEDULED =
            "{\"version\":\"0\",\"source\":\"aws.scheduler\",\"detail-type\":\"Scheduled Event\",\"detail\":{}}";

    private final InMemoryStore store = new InMemoryStore(TimeSource.system(), 100);
    private final TestContext context = new TestContext();
    private final List<ReconcileReport> counted = new ArrayList<>();
    private final List<ReconcileReport> hooked = new ArrayList<>();

    @BeforeEach
    void aCounterIsWrong() {
        store.addConnection(Connection.opened("L0SM9cOFvHcCIhw=", "home", Instant.now()), LATER);
        store.edit(new VisitorCount("home", 4, 9, 12, Instant.now()));
    }

    @Test
    void scheduled_run_repairs_and_returns_the_report() {
        JsonNode answer = Events.handle(new Handler(), SCHEDULED, context);

        assertThat(store.read("home", LATER).live()).isEqualTo(1);
        assertThat(answer.get("drifts").toString()).isEqualTo("{\"home\":3}");
        assertThat(answer.get("connections").intValue()).isEqualTo(1);
        assertThat(answer.get("complete").booleanValue()).isTrue();
    }

    @Test
    void report_is_logged_measured_and_passed_to_hook() {
        Events.handle(new Handler(), SCHEDULED, context);

        assertThat(hooked).hasSize(1).isEqualTo(counted);
        assertThat(hooked.get(0).drifts()).containsEntry("home", 3L);
        assertThat(context.log()).hasSize(2);
        assertThat(context.log().get(0))
                .startsWith("[INFO] Reconcile complete=true counters=1 connections=1 ")
                .contains(" repairs=1 drift=3 ");
        assertThat(context.log().get(1)).isEqualTo("[WARN] Repaired counter counterId=home drift=3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "[1, 2]", "\"now\"", "{\"Records\": [{\"eventSource\": \"aws:s3\"}]}"})
    void any_json_event_starts_a_run(String event) {
        Events.handle(new Handler(), event, context);

        assertThat(store.read("home", LATER).live()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "{", "now", "{\"a\":1}}"})
    void invalid_json_changes_nothing(String event) {
        JsonNode answer = Events.handle(new Handler(), event, context);

        assertThat(answer).isEmpty();
        assertThat(store.read("home", LATER).live()).isEqualTo(4);
        assertThat(context.log()).singleElement().asString().startsWith("[WARN] Ignored event detail=\"not an event: ");
    }

    @Test
    void failing_hook_keeps_repairs() {
        ReconcileHandler handler = new ReconcileHandler(config(), ports()) {
            @Override
            protected void onReconciled(ReconcileReport report) {
                throw new IllegalStateException("on purpose");
            }
        };

        JsonNode answer = Events.handle(handler, SCHEDULED, context);

        assertThat(answer.get("complete").booleanValue()).isTrue();
        assertThat(context.log()).last().asString().contains("on purpose");
    }

    @Test
    void probes_require_the_callback_url() {
        VisitorCounterConfig config = VisitorCounterConfig.builder().build();

        assertThatThrownBy(() -> new ReconcileHandler(config))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(Setting.CALLBACK_URL.variable());
    }

    private static VisitorCounterConfig config() {
        return VisitorCounterConfig.builder().build();
    }

    private Ports ports() {
        Metrics metrics = new Metrics() {
            @Override
            public void record(ReconcileReport report) {
                counted.add(report);
            }
        };
        return TestPorts.of(store, TimeSource.system())
                .withMetrics(metrics)
                .withThreads(DaemonThreads.many("scan"))
                .ports();
    }

    private class Handler extends ReconcileHandler {
        Handler() {
            super(config(), ports());
        }

        @Override
        protected void onReconciled(ReconcileReport report) {
            hooked.add(report);
        }
    }
}
