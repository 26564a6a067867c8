package io.github.visitorcounter.internal.testing;

import io.github.visitorcounter.internal.broadcast.lease.LeaseStore;
import io.github.visitorcounter.internal.broadcast.lease.LeaseStoreContract;

/** Runs the contract suite on the fake. */
class InMemoryLeaseStoreTest extends LeaseStoreContract {

    private final InMemoryLeaseStore leases = new InMemoryLeaseStore();

    @Override
    protected LeaseStore leases() {
        return leases;
    }
}
