package io.github.visitorcounter.testing;

import io.github.visitorcounter.connection.ArrivalsByAddress;
import io.github.visitorcounter.connection.ArrivalsByAddressContract;

/** The fake keeps the contract. */
class InMemoryArrivalsTest extends ArrivalsByAddressContract {

    private final InMemoryArrivals arrivals = new InMemoryArrivals();

    @Override
    protected ArrivalsByAddress arrivals() {
        return arrivals;
    }
}
