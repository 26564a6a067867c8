package io.github.visitorcounter.benchmark.pass;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The SDK's asynchronous client with a concurrency limit only, for comparison with the library's passes. */
final class BareClient implements Sender {

    /** The library's default. */
    static final int CONCURRENCY = 256;

    private static final SdkBytes MESSAGE = SdkBytes.fromUtf8String(
            "{\"type\":\"visitor-count\",\"counter\":\"site\",\"live\":10000,\"total\":10000,\"version\":10000}");

    private final ApiGatewayManagementApiAsyncClient client;
    private final Semaphore free = new Semaphore(CONCURRENCY);
    private List<String> connectionIds = List.of();

    BareClient(URI endpoint) {
        this.client = ApiGatewayManagementApiAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .build())
                .httpClientBuilder(AwsCrtAsyncHttpClient.builder().maxConcurrency(CONCURRENCY))
                .build();
    }

    @Override
    public void audience(int connections) {
        connectionIds = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            connectionIds.add(ConnectionRows.id(i));
        }
    }

    @Override
    public void pass() throws InterruptedException {
        for (String connectionId : connectionIds) {
            free.acquire();
            var unused = client.postToConnection(
                            request -> request.connectionId(connectionId).data(MESSAGE))
                    .whenComplete((answer, failure) -> free.release());
        }
        free.acquire(CONCURRENCY);
        free.release(CONCURRENCY);
    }

    @Override
    public void close() {
        client.close();
    }
}
