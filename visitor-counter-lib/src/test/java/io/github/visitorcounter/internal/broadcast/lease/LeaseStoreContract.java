package io.github.visitorcounter.internal.broadcast.lease;

import io.github.visitorcounter.count.VisitorCount;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.AcquireRequest;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.Acquisition;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStore.Charge;
import io.github.visitorcounter.internal.connection.PageRequest;
import io.github.visitorcounter.internal.time.Deadline;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of {@link LeaseStore}. */
public abstract class LeaseStoreContract {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Deadline deadline = new Deadline(now.plusSeconds(60));
    private final String counterId = "counter-" + UUID.randomUUID();
    private final VisitorCount count = new VisitorCount(counterId, 3, 12, 7, now.minusSeconds(1));

    protected abstract LeaseStore leases();

    @Test
    void counter_that_was_never_broadcast_has_a_new_lease() {
        assertThat(read()).isEqualTo(Lease.NEW);
    }

    @Test
    void free_lease_is_acquired_and_charged_in_one_step() {
        Acquisition answer = acquire("a", Lease.NEW, now.plusSeconds(3), now);

        Lease held = new Lease("a", now.plusSeconds(15), 0, use(now.plusSeconds(3)), null, count, 1);
        assertThat(answer).isEqualTo(new Acquisition.Held(held));
        assertThat(read()).isEqualTo(held);
    }

    @Test
    void lease_that_is_held_is_rejected_until_it_expires() {
        acquire("a", Lease.NEW, now, now);

        assertThat(acquire("b", read(), now, now.plusSeconds(14))).isEqualTo(new Acquisition.Rejected());
        assertThat(acquire("b", read(), now, now.plusSeconds(15))).isInstanceOf(Acquisition.Held.class);
    }

    @Test
    void repeated_acquire_is_charged_once() {
        acquire("a", Lease.NEW, now.plusSeconds(3), now);

        assertThat(acquire("a", Lease.NEW, now.plusSeconds(3), now)).isInstanceOf(Acquisition.Held.class);
        assertThat(read().budget().usedUntil()).isEqualTo(now.plusSeconds(3));
    }

    @Test
    void lease_released_since_it_was_read_is_not_acquired() {
        acquire("a", Lease.NEW, now, now);
        leases().release(counterId, "a", 7, deadline);

        assertThat(acquire("b", Lease.NEW, now.plusSeconds(9), now)).isEqualTo(new Acquisition.Changed());
        assertThat(read().budget().usedUntil()).isEqualTo(now);
        assertThat(acquire("b", read(), now.plusSeconds(9), now)).isInstanceOf(Acquisition.Held.class);
    }

    @Test
    void lease_charged_since_it_was_read_is_not_acquired() {
        acquire("a", Lease.NEW, now, now);
        leases().release(counterId, "a", 7, deadline);
        Lease seen = read();
        charge(1_000_000, now.plusSeconds(60));

        assertThat(acquire("b", seen, now.plusSeconds(9), now)).isEqualTo(new Acquisition.Changed());
    }

    @Test
    void lease_whose_pass_was_resumed_since_it_was_read_is_not_acquired() {
        acquire("a", Lease.NEW, now, now);
        PassRest rest = new PassRest(7, List.of(PageRequest.first(counterId)), 0);
        leases().suspend(counterId, "a", rest, deadline);
        Lease seen = read();
        VisitorCount newer = new VisitorCount(counterId, 4, 13, 8, now);
        leases().acquire(counterId, new AcquireRequest("b", seen, newer, use(now), now, now.plusSeconds(15)), deadline);
        leases().suspend(counterId, "b", rest, deadline);

        assertThat(acquire("c", seen, now, now)).isEqualTo(new Acquisition.Changed());
        assertThat(read().passCount()).isEqualTo(newer);
        assertThat(acquire("c", read(), now, now)).isInstanceOf(Acquisition.Held.class);
    }

    @Test
    void lease_renewed_since_it_was_read_is_not_acquired() {
        acquire("a", Lease.NEW, now, now);
        Lease seen = read();
        leases().renew(counterId, "a", now.plusSeconds(30), deadline);

        assertThat(acquire("b", seen, now, now.plusSeconds(40))).isEqualTo(new Acquisition.Changed());
        leases().suspend(counterId, "a", new PassRest(7, List.of(PageRequest.first(counterId)), 0), deadline);
        assertThat(acquire("b", seen, now, now.plusSeconds(40))).isEqualTo(new Acquisition.Changed());
        assertThat(acquire("b", read(), now, now.plusSeconds(40))).isInstanceOf(Acquisition.Held.class);
    }

    @Test
    void holder_renews_an_expired_lease() {
        acquire("a", Lease.NEW, now, now);

        assertThat(leases().renew(counterId, "a", now.plusSeconds(30), deadline))
                .isTrue();
        assertThat(leases().renew(counterId, "b", now.plusSeconds(30), deadline))
                .isFalse();
        assertThat(acquire("b", read(), now, now.plusSeconds(20))).isEqualTo(new Acquisition.Rejected());
    }

    @Test
    void holder_that_lost_its_lease_changes_nothing() {
        acquire("a", Lease.NEW, now, now);
        acquire("b", read(), now, now.plusSeconds(20));

        assertThat(leases().renew(counterId, "a", now.plusSeconds(40), deadline))
                .isFalse();
        leases().release(counterId, "a", 7, deadline);
        leases().suspend(counterId, "a", new PassRest(7, List.of(PageRequest.first(counterId)), 3), deadline);

        assertThat(read().holder()).isEqualTo("b");
        assertThat(read().sentVersion()).isZero();
        assertThat(read().rest()).isNull();
    }

    @Test
    void release_records_the_version_and_may_be_repeated() {
        acquire("a", Lease.NEW, now.plusSeconds(1), now);

        leases().release(counterId, "a", 7, deadline);
        leases().release(counterId, "a", 7, deadline);

        assertThat(read()).isEqualTo(new Lease(null, Instant.EPOCH, 7, use(now.plusSeconds(1)), null, count, 1));
    }

    @Test
    void rest_of_a_pass_stays_until_the_release() {
        PassRest rest = new PassRest(
                7,
                List.of(
                        new PageRequest(counterId, 0, 1, "L0SM9cOFvHcCIhw="),
                        new PageRequest(counterId, 3, 20, null),
                        new PageRequest(counterId, 4, 20, "1645556857902 L0S/M9+OFvHcCIhw=")),
                120);
        acquire("a", Lease.NEW, now, now);

        leases().suspend(counterId, "a", rest, deadline);

        assertThat(read()).isEqualTo(new Lease(null, Instant.EPOCH, 0, use(now), rest, count, 1));
        acquire("b", read(), now, now);
        assertThat(read().rest()).isEqualTo(rest);
        leases().release(counterId, "b", 7, deadline);
        assertThat(read().rest()).isNull();
    }

    @Test
    void messages_are_charged_until_the_limit() {
        assertThat(charge(40_000_000, now.plusSeconds(60))).isTrue();
        assertThat(charge(20_000_000, now.plusSeconds(60))).isTrue();
        assertThat(charge(1, now.plusSeconds(60))).isFalse();

        assertThat(read().budget().usedUntil()).isEqualTo(now.plusSeconds(60));
    }

    @Test
    void unused_budget_is_not_kept() {
        acquire("a", Lease.NEW, now.minusSeconds(3_600), now);
        leases().release(counterId, "a", 7, deadline);

        assertThat(charge(1_000_000, now.plusSeconds(60))).isTrue();

        assertThat(read().budget().usedUntil()).isEqualTo(now.plusSeconds(1));
    }

    @Test
    void count_of_a_pass_is_recorded_when_the_lease_is_acquired() {
        VisitorCount neverChanged = new VisitorCount(counterId, 0, 0, 8, null);

        acquire("a", Lease.NEW, now, now);
        assertThat(read().passCount()).isEqualTo(count);
        assertThat(read().sentToAll()).isNull();
        leases().release(counterId, "a", 7, deadline);
        acquire("b", read(), now, now);
        leases().release(counterId, "b", 7, deadline);
        assertThat(read().sentToAll()).isEqualTo(count);

        leases().acquire(
                        counterId,
                        new AcquireRequest("c", read(), neverChanged, use(now), now, now.plusSeconds(15)),
                        deadline);
        assertThat(read().passCount()).isEqualTo(neverChanged);
    }

    /** A page that asked before the first pass may have been answered with a newer count. */
    @Test
    void first_pass_is_no_proof_of_what_pages_show() {
        acquire("a", Lease.NEW, now, now);
        leases().release(counterId, "a", 7, deadline);

        assertThat(read().sentToAll()).isNull();
        VisitorCount restored = new VisitorCount(counterId, 1, 1, 3, now);
        leases().acquire(
                        counterId,
                        new AcquireRequest("b", read(), restored, use(now), now, now.plusSeconds(15)),
                        deadline);
        leases().release(counterId, "b", 3, deadline);
        assertThat(read().sentToAll()).isNull();
    }

    @Test
    void resumed_pass_records_its_count_and_renews_the_lease() {
        acquire("a", Lease.NEW, now, now);
        VisitorCount newer = new VisitorCount(counterId, 4, 13, 8, now);
        Lease own = read();

        assertThat(leases().resume(counterId, own, newer, now.plusSeconds(30), deadline))
                .isTrue();
        assertThat(leases().resume(counterId, own, newer, now.plusSeconds(30), deadline))
                .as("repeated")
                .isTrue();

        assertThat(read()).isEqualTo(new Lease("a", now.plusSeconds(30), 0, use(now), null, newer, 1));
    }

    @Test
    void pass_is_not_resumed_after_another_one_has_begun() {
        acquire("a", Lease.NEW, now, now);
        VisitorCount newer = new VisitorCount(counterId, 4, 13, 8, now);
        VisitorCount newest = new VisitorCount(counterId, 5, 14, 9, now);
        Lease own = read();
        leases().resume(counterId, own, newest, now.plusSeconds(30), deadline);

        assertThat(leases().resume(counterId, own, newer, now.plusSeconds(40), deadline))
                .isFalse();
        leases().release(counterId, "a", 9, deadline);
        assertThat(leases().resume(counterId, own, newest, now.plusSeconds(40), deadline))
                .isFalse();
        assertThat(read().passCount()).isEqualTo(newest);
        assertThat(read().holder()).isNull();
    }

    @Test
    void lease_that_the_caller_holds_for_another_count_is_not_acquired() {
        acquire("a", Lease.NEW, now, now);
        VisitorCount newer = new VisitorCount(counterId, 4, 13, 8, now);

        assertThat(leases().acquire(
                                counterId,
                                new AcquireRequest("a", Lease.NEW, newer, use(now), now, now.plusSeconds(15)),
                                deadline))
                .isEqualTo(new Acquisition.Changed());
        assertThat(read().passCount()).isEqualTo(count);
    }

    @Test
    void connections_wait_until_a_new_pass_begins() {
        acquire("first", Lease.NEW, now.minusSeconds(1), now);
        leases().release(counterId, "first", 7, deadline);
        acquire("second", read(), now.minusSeconds(1), now);
        leases().release(counterId, "second", 7, deadline);
        leases().leaveToNextPass(counterId, deadline);
        assertThat(read().awaitingPass()).isEqualTo(1);
        assertThat(charge(1_000_000, now.plusSeconds(60), true, true)).isTrue();
        assertThat(charge(1_000_000, now.plusSeconds(60), true, false)).isTrue();
        assertThat(charge(90_000_000, now.plusSeconds(60), true, false)).isFalse();
        assertThat(charge(1_000_000, now.plusSeconds(60), false, false)).isTrue();
        assertThat(read().awaitingPass()).isEqualTo(3);

        acquire("a", read(), now, now);
        assertThat(read().awaitingPass()).isZero();
        leases().leaveToNextPass(counterId, deadline);
        leases().release(counterId, "a", 7, deadline);

        assertThat(read().awaitingPass()).isEqualTo(1);
        assertThat(read().sentToAll()).isNull();
    }

    @Test
    void lease_with_connections_that_wait_since_it_was_read_is_not_acquired() {
        acquire("a", Lease.NEW, now, now);
        leases().release(counterId, "a", 7, deadline);
        Lease seen = read();
        leases().leaveToNextPass(counterId, deadline);

        assertThat(acquire("b", seen, now.plusSeconds(9), now)).isEqualTo(new Acquisition.Changed());
        assertThat(acquire("b", read(), now.plusSeconds(9), now)).isInstanceOf(Acquisition.Held.class);
    }

    @Test
    void rest_of_a_pass_leaves_the_connections_waiting() {
        acquire("a", Lease.NEW, now, now);
        leases().leaveToNextPass(counterId, deadline);
        leases().suspend(counterId, "a", new PassRest(7, List.of(PageRequest.first(counterId)), 0), deadline);

        acquire("b", read(), now, now);

        assertThat(read().awaitingPass()).isEqualTo(2);
    }

    @Test
    void unused_budget_is_charged_whatever_the_caller_expects() {
        assertThat(charge(1_000_000, now.plusSeconds(60), false, true)).isTrue();
        assertThat(charge(1_000_000, now.plusSeconds(60), false, true)).isTrue();
        assertThat(charge(60_000_000, now.plusSeconds(60), false, true)).isFalse();

        assertThat(read().budget().usedUntil()).isEqualTo(now.plusSeconds(2));
    }

    private Lease read() {
        return leases().read(counterId, deadline);
    }

    private boolean charge(long micros, Instant limit) {
        return charge(micros, limit, false, false);
    }

    private boolean charge(long micros, Instant limit, boolean leavesToNextPass, boolean expectsUnused) {
        return leases().charge(counterId, new Charge(now, micros, limit, leavesToNextPass, expectsUnused), deadline);
    }

    private Acquisition acquire(String holder, Lease seen, Instant usedUntil, Instant at) {
        return leases().acquire(
                        counterId,
                        new AcquireRequest(
                                holder, seen, count, new BudgetUse(usedUntil, 100, at, 300, 0), at, at.plusSeconds(15)),
                        deadline);
    }

    private BudgetUse use(Instant usedUntil) {
        return new BudgetUse(usedUntil, 100, now, 300, 0);
    }
}
