package io.github.visitorcounter.internal.aws;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import static software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR;

/**
 * Creates the SDK clients of this library. The SDK's own retries are off: they know neither the invocation's deadline
 * nor which transactions may be retried, and take up to 3 s for one throttled post. The adapters retry calls instead.
 *
 * <p>Region, credentials and endpoints are read from the environment variables of Lambda and the SDK, for instance
 * {@code AWS_REGION} and {@code AWS_ENDPOINT_URL_DYNAMODB}, or from the system properties of the SDK. To keep cold
 * starts short, the clients read neither profile files nor instance metadata.
 */
public final class AwsClients {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration MAX_INVOCATION = Duration.ofMinutes(15);

    private static final Executor ON_HTTP_THREAD = Runnable::run;

    /**
     * The headers of clients that prime a function before its snapshot: each HTTP connection is closed after its
     * response, so that none is part of the snapshot.
     */
    public static final Map<String, List<String>> NO_KEEP_ALIVE = Map.of("Connection", List.of("close"));

    private static final Map<String, List<String>> NO_HEADERS = Map.of();

    private AwsClients() {}

    /**
     * Creates a client for DynamoDB. It uses the JDK's {@code HttpURLConnection}, which has the shortest cold start.
     *
     * @return a client; each call takes at most 2 s
     */
    public static DynamoDbClient dynamoDb() {
        return dynamoDb(NO_HEADERS);
    }

    public static DynamoDbClient dynamoDb(Map<String, List<String>> headers) {
        return configured(DynamoDbClient.builder(), ATTEMPT_TIMEOUT, headers)
                .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT))
                .build();
    }

    /**
     * Creates a client that invokes functions.
     *
     * @return a client; each call takes at most 2 s unless its request sets another timeout
     */
    public static LambdaClient lambda() {
        return lambda(NO_HEADERS);
    }

    public static LambdaClient lambda(Map<String, List<String>> headers) {
        return configured(LambdaClient.builder(), ATTEMPT_TIMEOUT, headers)
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(MAX_INVOCATION))
                .build();
    }

    /**
     * Creates a client that posts to connections. It uses the CRT's asynchronous HTTP client, which needs no thread for
     * each concurrent post. A response completes its future on the HTTP client's own thread, which avoids a thread
     * switch for each post; dependent stages must not block.
     *
     * @param callbackUrl the URL of the API's stage
     * @param concurrency the maximum number of concurrent posts
     * @param postTimeout the timeout of each post
     * @return a client
     */
    public static ApiGatewayManagementApiAsyncClient connections(
            URI callbackUrl, int concurrency, Duration postTimeout) {
        return connections(callbackUrl, concurrency, postTimeout, NO_HEADERS);
    }

    public static ApiGatewayManagementApiAsyncClient connections(
            URI callbackUrl, int concurrency, Duration postTimeout, Map<String, List<String>> headers) {
        return configured(ApiGatewayManagementApiAsyncClient.builder(), postTimeout, headers)
                .endpointOverride(callbackUrl)
                .asyncConfiguration(async -> async.advancedOption(FUTURE_COMPLETION_EXECUTOR, ON_HTTP_THREAD))
                .httpClientBuilder(AwsCrtAsyncHttpClient.builder()
                        .maxConcurrency(concurrency)
                        .connectionTimeout(CONNECT_TIMEOUT))
                .build();
    }

    /** Sets only one of the SDK's two timeouts: a call is one attempt, and each timeout costs a timer. */
    private static <B extends AwsClientBuilder<B, C>, C> B configured(
            B builder, Duration timeout, Map<String, List<String>> headers) {
        return builder.region(new SystemSettingsRegionProvider().getRegion())
                .credentialsProvider(credentials())
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .apiCallTimeout(timeout)
                        .headers(headers)
                        .build());
    }

    /**
     * Lambda provides credentials in the environment. For functions with snapshots it provides a URL instead, because a
     * snapshot must not contain credentials.
     */
    private static AwsCredentialsProvider credentials() {
        return AwsCredentialsProviderChain.of(
                EnvironmentVariableCredentialsProvider.create(),
                SystemPropertyCredentialsProvider.create(),
                ContainerCredentialsProvider.create());
    }
}
