package io.github.visitorcounter.testing.fuzz;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

import java.util.List;

/** Generates events that a handler does not expect, many of them nearly valid. */
public final class FuzzedEvents {

    private FuzzedEvents() {}

    /**
     * Half of the events are variants of the handler's own events.
     *
     * @param own the names of the handler's own events
     */
    public static Arbitrary<FuzzedEvent> of(List<String> own) {
        Arbitrary<String> sample = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(own)), Tuple.of(1, Arbitraries.of(FuzzedEvent.names())));
        Arbitrary<Edit> edit = Combinators.combine(
                        Arbitraries.of(Edit.Kind.class),
                        Arbitraries.integers().between(0, 999),
                        Arbitraries.integers().between(0, HostileValues.ALL.size() - 1))
                .as(Edit::new);
        Arbitrary<FuzzedEvent.Damage> damage = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just(FuzzedEvent.Damage.NONE)),
                Tuple.of(1, Arbitraries.of(FuzzedEvent.Damage.class)));
        return Combinators.combine(
                        sample,
                        edit.list().ofMaxSize(4),
                        damage,
                        Arbitraries.integers().between(0, 100_000))
                .as(FuzzedEvent::new);
    }
}
