package io.github.visitorcounter.aws;

import io.github.visitorcounter.broadcast.Announcer;
import io.github.visitorcounter.internal.Orders;
import io.github.visitorcounter.time.Deadline;
import io.github.visitorcounter.time.Timekeeper;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** Asks for a broadcast by invoking the broadcasting function asynchronously. Thread-safe. */
public final class LambdaAnnouncer implements Announcer {

    private final EventInvoker invoker;

    /**
     * Creates an announcer.
     *
     * @param client a client whose calls end by themselves and are not retried, as {@link AwsClients#lambda} makes it
     * @param function the function's name or ARN, with alias where it has one
     */
    public LambdaAnnouncer(LambdaClient client, String function) {
        this(client, function, Timekeeper.system());
    }

    LambdaAnnouncer(LambdaClient client, String function, Timekeeper timekeeper) {
        this.invoker = new EventInvoker(client, function, timekeeper);
    }

    @Override
    public void announce(String counterId, Deadline deadline) {
        invoker.invoke(Orders.direct(counterId), deadline);
    }
}
