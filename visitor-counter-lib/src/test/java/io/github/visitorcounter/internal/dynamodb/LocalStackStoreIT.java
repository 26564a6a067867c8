package io.github.visitorcounter.internal.dynamodb;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.time.Duration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The stores on LocalStack's DynamoDB, if a Docker engine is available. */
class LocalStackStoreIT extends DynamoDbStoreContract {

    /** The last version that starts without an account token. */
    private static final DockerImageName IMAGE = DockerImageName.parse("localstack/localstack:4.12");

    private static final String NO_DOCKER =
            "Skipped: no Docker engine is available, so the stores are not tested on LocalStack";

    private static LocalStackContainer container;
    private static DynamoDbClient client;

    @BeforeAll
    static void start() {
        boolean docker = DockerClientFactory.instance().isDockerAvailable();
        if (!docker) {
            System.out.println(NO_DOCKER);
        }
        assumeTrue(docker, NO_DOCKER);
        container = new LocalStackContainer(IMAGE).withServices("dynamodb");
        container.start();
        client = LocalTables.newClient(container.getEndpoint(), Duration.ofSeconds(10));
        client.createTable(Tables.CONNECTIONS.request());
        client.createTable(Tables.COUNTS.request());
    }

    @AfterAll
    static void stop() {
        if (container != null) {
            client.close();
            container.stop();
        }
    }

    @Override
    protected DynamoDbClient client() {
        return client;
    }
}
