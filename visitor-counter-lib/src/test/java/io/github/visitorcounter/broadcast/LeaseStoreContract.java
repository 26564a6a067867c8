package io.github.visitorcounter.broadcast;

import io.github.visitorcounter.broadcast.LeaseStore.Acquisition;
import io.github.visitorcounter.broadcast.LeaseStore.Charge;
import io.github.visitorcounter.broadcast.LeaseStore.Payment;
import io.github.visitorcounter.broadcast.LeaseStore.Release;
import io.github.visitorcounter.broadcast.LeaseStore.State;
import io.github.visitorcounter.time.Deadline;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** What every store of leases does. */
public abstract class LeaseStoreContract {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Deadline deadline = new Deadline(now.plusSeconds(60));
    private final String counterId = "counter-" + UUID.randomUUID();

    protected abstract LeaseStore leases();

    @Test
    void a_free_lease_is_taken_and_the_next_one_is_refused() {
        assertThat(acquire("a")).isEqualTo(new Acquisition.Held(Lease.NEW));
        assertThat(acquire("b")).isEqualTo(new Acquisition.Refused("a"));
    }

    @Test
    void a_holder_that_comes_back_finds_its_own_lease() {
        acquire("a");

        assertThat(acquire("a")).isInstanceOf(Acquisition.Held.class);
    }

    @Test
    void an_heir_takes_the_lease_over_and_its_parent_has_lost_it() {
        acquire("parent");

        assertThat(leases().acquire(counterId, "child", Set.of("parent"), now, now.plusSeconds(15), deadline))
                .isInstanceOf(Acquisition.Held.class);
        assertThat(leases().renew(counterId, "parent", now.plusSeconds(15), deadline))
                .isFalse();
        assertThat(acquire("parent")).isEqualTo(new Acquisition.Refused("child"));
    }

    @Test
    void an_expired_lease_is_free_and_a_renewed_one_is_not() {
        acquire("a");
        assertThat(leases().renew(counterId, "a", now.plusSeconds(30), deadline))
                .isTrue();

        assertThat(acquireAt("b", now.plusSeconds(20))).isEqualTo(new Acquisition.Refused("a"));
        assertThat(acquireAt("b", now.plusSeconds(30))).isInstanceOf(Acquisition.Held.class);
    }

    @Test
    void a_version_that_was_left_to_the_holder_keeps_it_from_letting_go() {
        acquire("a");
        assertThat(leases().leaveTo(counterId, "a", 7, deadline)).isTrue();
        assertThat(leases().leaveTo(counterId, "a", 5, deadline)).isTrue();

        assertThat(leases().release(counterId, "a", 6, 6, deadline))
                .isEqualTo(new Release.Pending(new Lease(0, 7, Instant.EPOCH, Instant.EPOCH)));
        assertThat(leases().release(counterId, "a", 7, 7, deadline)).isEqualTo(new Release.Released());
        assertThat(acquire("b")).isEqualTo(new Acquisition.Held(new Lease(7, 0, Instant.EPOCH, Instant.EPOCH)));
    }

    @Test
    void what_was_settled_does_not_keep_the_holder() {
        acquire("a");
        leases().leaveTo(counterId, "a", 900, deadline);

        assertThat(leases().release(counterId, "a", 1, 900, deadline)).isEqualTo(new Release.Released());
    }

    @Test
    void who_lets_go_again_because_the_answer_was_lost_has_let_go() {
        acquire("a");
        leases().release(counterId, "a", 7, 7, deadline);

        assertThat(leases().release(counterId, "a", 7, 7, deadline)).isEqualTo(new Release.Released());
        acquire("b");
        assertThat(leases().release(counterId, "a", 7, 7, deadline)).isEqualTo(new Release.Released());
        assertThat(acquire("c")).isEqualTo(new Acquisition.Refused("b"));
    }

    @Test
    void nothing_can_be_left_to_somebody_who_is_not_the_holder() {
        assertThat(leases().leaveTo(counterId, "a", 7, deadline)).isFalse();
        acquire("b");
        assertThat(leases().leaveTo(counterId, "a", 7, deadline)).isFalse();
    }

    @Test
    void who_does_not_hold_the_lease_can_not_let_it_go() {
        acquire("a");

        assertThat(leases().release(counterId, "b", 1, 1, deadline)).isEqualTo(new Release.Lost());
        leases().abandon(counterId, "b", deadline);
        assertThat(acquire("c")).isEqualTo(new Acquisition.Refused("a"));
    }

    @Test
    void an_abandoned_lease_is_free_and_still_says_what_is_pending() {
        acquire("a");
        leases().leaveTo(counterId, "a", 7, deadline);
        leases().abandon(counterId, "a", deadline);

        assertThat(acquire("b")).isEqualTo(new Acquisition.Held(new Lease(0, 7, Instant.EPOCH, Instant.EPOCH)));
    }

    @Test
    void a_pass_is_charged_once_whoever_else_charges() {
        acquire("a");
        Instant paidUntil = now.plusSeconds(5);

        Payment first = pay("a", Lease.NEW, paidUntil);
        assertThat(first).isEqualTo(new Payment.Paid(new Lease(0, 0, paidUntil, now)));

        leases().charge(counterId, new Charge(now, 1_000_000, now.plusSeconds(60)), deadline);
        assertThat(pay("a", new Lease(0, 0, paidUntil, now), now.plusSeconds(9)))
                .isEqualTo(new Payment.Changed(new Lease(0, 0, paidUntil.plusSeconds(1), now)));
        assertThat(pay("b", Lease.NEW, now.plusSeconds(9))).isEqualTo(new Payment.Lost());
    }

    @Test
    void of_two_passes_under_one_name_only_one_is_charged_even_when_it_costs_nothing() {
        acquire("a");
        pay("a", Lease.NEW, now);
        Lease seen = new Lease(0, 0, now, now);

        Payment one = leases().pay(counterId, "a", seen, now, now.plusMillis(7), now.plusSeconds(15), deadline);
        Payment other = leases().pay(counterId, "a", seen, now, now.plusMillis(8), now.plusSeconds(15), deadline);

        assertThat(one).isEqualTo(new Payment.Paid(new Lease(0, 0, now, now.plusMillis(7))));
        assertThat(other).isEqualTo(new Payment.Changed(new Lease(0, 0, now, now.plusMillis(7))));
    }

    @Test
    void messages_are_charged_until_the_limit() {
        Charge twenty = new Charge(now, 20_000_000, now.plusSeconds(60));

        assertThat(leases().charge(counterId, twenty, deadline)).isTrue();
        assertThat(leases().charge(counterId, twenty, deadline)).isTrue();
        assertThat(leases().charge(counterId, twenty, deadline)).isTrue();
        assertThat(leases().charge(counterId, twenty, deadline)).isFalse();

        // 30 seconds later, half of it is there again.
        Charge later = new Charge(now.plusSeconds(30), 20_000_000, now.plusSeconds(90));
        assertThat(leases().charge(counterId, later, deadline)).isTrue();
        assertThat(leases().charge(counterId, later, deadline)).isFalse();
    }

    @Test
    void budget_that_was_not_used_is_not_kept() {
        leases().charge(counterId, new Charge(now, 1_000_000, now.plusSeconds(60)), deadline);
        Instant muchLater = now.plusSeconds(3_600);

        assertThat(leases().charge(counterId, new Charge(muchLater, 60_000_000, muchLater.plusSeconds(60)), deadline))
                .isTrue();
        assertThat(leases().charge(counterId, new Charge(muchLater, 1, muchLater.plusSeconds(60)), deadline))
                .isFalse();
    }

    @Test
    void more_than_the_limit_at_once_is_not_charged() {
        assertThat(leases().charge(counterId, new Charge(now, 61_000_000, now.plusSeconds(60)), deadline))
                .isFalse();
    }

    @Test
    void a_counter_that_was_never_broadcast_has_no_lease_to_look_at() {
        assertThat(leases().look(counterId, deadline)).isNull();
    }

    @Test
    void a_look_sees_who_holds_the_lease_until_when_and_what_is_pending() {
        acquire("a");
        leases().leaveTo(counterId, "a", 7, deadline);

        assertThat(leases().look(counterId, deadline))
                .isEqualTo(new State(new Lease(0, 7, Instant.EPOCH, Instant.EPOCH), now.plusSeconds(15)));
        assertThat(acquire("b")).isEqualTo(new Acquisition.Refused("a"));
    }

    @Test
    void a_look_at_a_free_lease_sees_what_was_sent() {
        acquire("a");
        leases().release(counterId, "a", 6, 6, deadline);

        assertThat(leases().look(counterId, deadline))
                .isEqualTo(new State(new Lease(6, 0, Instant.EPOCH, Instant.EPOCH), Instant.EPOCH));
    }

    private Acquisition acquire(String holder) {
        return acquireAt(holder, now);
    }

    private Acquisition acquireAt(String holder, Instant time) {
        return leases().acquire(counterId, holder, Set.of(), time, time.plusSeconds(15), deadline);
    }

    private Payment pay(String holder, Lease seen, Instant paidUntil) {
        return leases().pay(counterId, holder, seen, paidUntil, now, now.plusSeconds(15), deadline);
    }
}
