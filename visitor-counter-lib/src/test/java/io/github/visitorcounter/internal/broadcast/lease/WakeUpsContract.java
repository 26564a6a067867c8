package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.connection.Connection;
import io.github.visitorcounter.internal.broadcast.lease.WakeUps.Request;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/** The contract of {@link WakeUps}. */
public abstract class WakeUpsContract {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Deadline deadline = new Deadline(now.plusSeconds(60));
    private final String counterId = "counter-" + UUID.randomUUID();

    protected abstract WakeUps wakeUps();

    @Test
    void one_request_is_pending_until_it_is_cleared() {
        assertThat(request(now)).isEqualTo(Request.REQUESTED);
        assertThat(request(now.plusSeconds(1))).isEqualTo(Request.PENDING);

        wakeUps().clear(counterId, deadline);

        assertThat(request(now.plusSeconds(2))).isEqualTo(Request.REQUESTED);
    }

    @Test
    void request_that_is_pending_for_a_minute_is_overdue() {
        request(now);

        assertThat(request(now.plusSeconds(59))).isEqualTo(Request.PENDING);
        assertThat(request(now.plusSeconds(60))).isEqualTo(Request.OVERDUE);
        assertThat(request(now.plusSeconds(61))).isEqualTo(Request.PENDING);
    }

    @Test
    void counters_have_requests_of_their_own() {
        request(now);

        assertThat(wakeUps().request(counterId + "-other", now, deadline)).isEqualTo(Request.REQUESTED);
    }

    @Test
    void request_is_pending_until_cleared_or_overdue() {
        assertThat(isPending(now)).isFalse();
        request(now);
        assertThat(isPending(now.plusSeconds(59))).isTrue();
        assertThat(isPending(now.plusSeconds(60))).isFalse();
        wakeUps().clear(counterId, deadline);
        assertThat(isPending(now)).isFalse();
    }

    @Test
    void clear_succeeds_without_a_pending_request() {
        assertThatCode(() -> wakeUps().clear(counterId, deadline)).doesNotThrowAnyException();
    }

    @Test
    void follow_ups_do_not_change_the_pending_request() {
        List<Connection> connections = List.of(Connection.opened("L0SM9cOFvHcCIhw=", counterId, now));
        FollowUp followUp = new FollowUp(counterId, 7, connections, connections, now, now.plusSeconds(180), 0);

        wakeUps().addFollowUp("unsent-0", followUp, deadline);
        wakeUps().addFollowUp("unsent-0", followUp, deadline);

        assertThat(request(now)).isEqualTo(Request.REQUESTED);
    }

    private boolean isPending(Instant at) {
        return wakeUps().isPending(counterId, at, deadline);
    }

    private Request request(Instant at) {
        return wakeUps().request(counterId, at, deadline);
    }
}
