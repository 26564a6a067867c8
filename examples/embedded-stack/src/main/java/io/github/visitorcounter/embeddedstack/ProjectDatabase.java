package io.github.visitorcounter.embeddedstack;

import io.github.visitorcounter.embeddedstack.dynamodb.LocalClients;
import io.github.visitorcounter.embeddedstack.dynamodb.TableCreation;
import io.github.visitorcounter.embeddedstack.dynamodb.TableDefinition;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Creates and reads the tables with the project's own AWS SDK. Not thread-safe. */
final class ProjectDatabase implements Function<URI, Map<String, String>>, AutoCloseable {

    private final String region;
    private final List<TableDefinition> tables;
    private @Nullable DynamoDbClient client;

    ProjectDatabase(String region, List<TableDefinition> tables) {
        this.region = region;
        this.tables = List.copyOf(tables);
    }

    /** Creates the tables at an endpoint; returns the ARN of each stream by its table's name. */
    @Override
    public Map<String, String> apply(URI endpoint) {
        try {
            client = LocalClients.dynamoDb(endpoint, region);
            return TableCreation.create(client, tables);
        } catch (LinkageError tooOld) {
            throw new IllegalStateException(
                    "The tables could not be created with version " + VersionInfo.SDK_VERSION
                            + " of the AWS SDK for Java 2, which is on the class path: " + tooOld
                            + ". Allowed: 2.20 or later, with all its modules in the same version.",
                    tooOld);
        }
    }

    /** The client that created them. */
    DynamoDbClient client() {
        if (client == null) {
            throw new IllegalStateException("DynamoDB has not been started");
        }
        return client;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
