package io.github.visitorcounter.testing;

import io.github.visitorcounter.internal.broadcast.lease.WakeUps;
import io.github.visitorcounter.internal.broadcast.lease.WakeUpsContract;

/** The fake keeps the contract. */
class InMemoryWakeUpsTest extends WakeUpsContract {

    private final InMemoryWakeUps wakeUps = new InMemoryWakeUps();

    @Override
    protected WakeUps wakeUps() {
        return wakeUps;
    }
}
