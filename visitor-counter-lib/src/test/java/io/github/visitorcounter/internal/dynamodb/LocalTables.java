package io.github.visitorcounter.internal.dynamodb;

import io.github.visitorcounter.embeddedstack.EmbeddedStack;
import io.github.visitorcounter.embeddedstack.control.Faults;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

import java.net.URI;
import java.time.Duration;

/** Both tables on DynamoDB Local, for the tests of a class. Faults end with the test that sets them. */
final class LocalTables implements BeforeAllCallback, AfterAllCallback, AfterEachCallback {

    private EmbeddedStack stack;
    private DynamoDbClient client;

    @Override
    public void beforeAll(ExtensionContext context) {
        stack = EmbeddedStack.builder()
                .table(Tables.CONNECTIONS)
                .table(Tables.COUNTS)
                .start();
        client = newClient(Duration.ofSeconds(10));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        faults(Faults.NONE);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        client.close();
        stack.close();
    }

    /** A client without retries, for all tests of the class. */
    DynamoDbClient client() {
        return client;
    }

    /** Another client without retries, to be closed by the test. */
    DynamoDbClient newClient(Duration timeout) {
        return newClient(stack.endpoints().dynamodb(), timeout);
    }

    static DynamoDbClient newClient(URI endpoint, Duration timeout) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .apiCallTimeout(timeout)
                        .build())
                .build();
    }

    void faults(Faults faults) {
        stack.faults(faults);
    }
}
