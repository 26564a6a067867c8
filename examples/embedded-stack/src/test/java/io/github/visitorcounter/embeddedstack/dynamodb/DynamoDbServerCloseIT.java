package io.github.visitorcounter.embeddedstack.dynamodb;

import io.github.visitorcounter.embeddedstack.TestAccess;
import io.github.visitorcounter.embeddedstack.control.FaultInjector;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

class DynamoDbServerCloseIT {

    @Test
    void its_threads_end_when_it_is_closed() throws InterruptedException {
        Set<Thread> before = userThreads();
        Set<Thread> started;
        try (DynamoDbServer server = DynamoDbServer.start(
                        0,
                        "eu-west-1",
                        "000000000000",
                        Duration.ofMillis(10),
                        TestAccess.OPEN,
                        new FaultInjector(new Random(1)),
                        new RecordingMeter());
                DynamoDbClient client = server.client()) {
            TableCreation.create(client, List.of(new TableDefinition(TestTables.streamed("Counter"))));
            client.scan(request -> request.tableName("Counter"));
            started = userThreads();
            started.removeAll(before);
            assertThat(started).isNotEmpty();
        }
        for (Thread thread : started) {
            thread.join(Duration.ofSeconds(20).toMillis());
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    /** The non-daemon threads. */
    private static Set<Thread> userThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon())
                .collect(Collectors.toSet());
    }
}
