package io.github.visitorcounter.testing;

import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStoreContract;

/** The fake keeps the contract. */
class InMemoryLeaseStoreTest extends LeaseStoreContract {

    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();

    @Override
    protected LeaseStore leases() {
        return leases;
    }
}
