package io.github.visitorcounter.embeddedstack.engine;

import io.github.visitorcounter.embeddedstack.control.Faults;
import io.github.visitorcounter.embeddedstack.control.Prices;
import io.github.visitorcounter.embeddedstack.gateway.WebSocketApi;
import io.github.visitorcounter.embeddedstack.lambda.FunctionDefinition;
import io.github.visitorcounter.embeddedstack.schedule.Schedule;
import io.github.visitorcounter.embeddedstack.stream.EventSourceMapping;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The values of {@code EmbeddedStack.Builder}, whose methods describe the components of the same names. Immutable.
 *
 * @param tableCreation creates the tables at DynamoDB's address, with the project's AWS SDK; returns the ARN of each
 *     table's stream by the table's name
 * @since 0.1.0
 */
public record StackDescription(
        int port,
        int dynamoDbPort,
        int dynamodbTransactionMillis,
        String region,
        String accountId,
        Function<URI, Map<String, String>> tableCreation,
        List<FunctionDefinition> functions,
        List<EventSourceMapping> eventSourceMappings,
        List<Schedule> schedules,
        List<URI> siteRoots,
        String welcomeFile,
        WebSocketApi webSocketApi,
        Optional<String> functionUrl,
        Faults faults,
        Prices prices,
        Clock clock,
        long randomSeed,
        List<Duration> asyncRetryDelays,
        Duration pollInterval,
        Consumer<String> logSink,
        boolean prewarm,
        boolean brokenFunctionsAllowed) {

    /** Copies the lists. */
    public StackDescription {
        functions = List.copyOf(functions);
        eventSourceMappings = List.copyOf(eventSourceMappings);
        schedules = List.copyOf(schedules);
        siteRoots = List.copyOf(siteRoots);
        asyncRetryDelays = List.copyOf(asyncRetryDelays);
    }
}
