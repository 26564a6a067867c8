package io.github.visitorcounter.embeddedstack.schedule;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.lambda.Lambdas;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SchedulesTest {

    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T10:15:30.5Z"), ZoneOffset.UTC);

    private final BlockingQueue<Map<String, Object>> events = new LinkedBlockingQueue<>();
    private final FunctionDefinition function = FunctionDefinition.builder("f")
            .handlerObjects(() -> (RequestHandler<Map<String, Object>, String>) (event, context) -> {
                events.add(event);
                return "done";
            })
            .build();

    private final Lambdas lambdas = Lambdas.of(function);
    private Schedules started;

    @AfterEach
    void stop() {
        if (started != null) {
            started.close();
        }
        lambdas.close();
    }

    @Test
    void a_function_is_invoked_repeatedly_with_the_rules_event() throws Exception {
        start(new Schedule("clean", "f", OFTEN, null));

        for (int invocation = 0; invocation < 3; invocation++) {
            assertThat(next())
                    .containsEntry("source", "aws.events")
                    .containsEntry("detail-type", "Scheduled Event")
                    .containsEntry("time", "2026-11-24T10:15:30Z")
                    .containsEntry("resources", List.of("arn:aws:events:eu-west-1:123456789012:rule/clean"))
                    .containsEntry("detail", Map.of());
        }
    }

    @Test
    void a_rule_may_have_an_input() throws Exception {
        start(new Schedule("clean", "f", OFTEN, "{\"all\": true}"));

        assertThat(next()).isEqualTo(Map.of("all", true));
    }

    @Test
    void an_unknown_function_does_not_end_other_schedules() throws Exception {
        start(new Schedule("lost", "nobody", Duration.ofMillis(1), null), new Schedule("clean", "f", OFTEN, null));

        assertThat(next()).isNotNull();
        assertThat(next()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"rate(1 minute), PT1M", "rate(5 minutes), PT5M", "rate(1 hour), PT1H", "rate(2 days), PT48H"})
    void a_rate_is_a_time(String expression, Duration rate) {
        assertThat(Schedule.isRate(expression)).isTrue();
        assertThat(Schedule.rate(expression)).isEqualTo(rate);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate(0 minutes)", "rate(5 seconds)", "cron(0 10 * * ? *)", ""})
    void other_expressions_are_rejected(String expression) {
        assertThat(Schedule.isRate(expression)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> Schedule.rate(expression));
    }

    private Map<String, Object> next() throws InterruptedException {
        return events.poll(10, TimeUnit.SECONDS);
    }

    private void start(Schedule... schedules) {
        started = new Schedules(List.of(schedules), lambdas.lambda, CLOCK, "eu-west-1", "123456789012");
    }
}
