package io.github.visitorcounter.embeddedstack.schedule;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.visitorcounter.embeddedstack.lambda.LocalLambda;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The running schedules. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Schedules implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    private final LocalLambda lambda;
    private final Clock clock;
    private final String region;
    private final String accountId;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "schedules");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts schedules; each invokes its function for the first time after its rate.
     *
     * @param schedules the rules
     * @param lambda invokes the functions
     * @param clock the time in events; the rate uses the system clock
     * @param region the region in events
     * @param accountId the account in events
     */
    public Schedules(Collection<Schedule> schedules, LocalLambda lambda, Clock clock, String region, String accountId) {
        this.lambda = lambda;
        this.clock = clock;
        this.region = region;
        this.accountId = accountId;
        schedules.forEach(schedule -> {
            long nanos = schedule.rate().toNanos();
            var unused = timer.scheduleAtFixedRate(() -> invoke(schedule), nanos, nanos, TimeUnit.NANOSECONDS);
        });
    }

    private void invoke(Schedule schedule) {
        try {
            String input = schedule.input();
            lambda.invokeAsync(schedule.functionName(), input == null ? event(schedule) : input);
        } catch (RuntimeException rejected) {
            // Rethrown, it would end the schedule.
            LOG.warn("The schedule {} could not invoke {}", schedule.name(), schedule.functionName(), rejected);
        }
    }

    private String event(Schedule schedule) {
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("version", "0")
                .put("id", UUID.randomUUID().toString())
                .put("detail-type", "Scheduled Event")
                .put("source", "aws.events")
                .put("account", accountId)
                .put("time", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("region", region);
        event.putArray("resources").add("arn:aws:events:" + region + ":" + accountId + ":rule/" + schedule.name());
        event.putObject("detail");
        return event.toString();
    }

    /** Ends the schedules; running invocations continue. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
