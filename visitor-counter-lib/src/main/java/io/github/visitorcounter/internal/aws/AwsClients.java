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
 * The SDK clients as this library uses them. The SDK's own retries are off: they know neither the invocation's deadline nor
 * which transactions may be repeated, and spend 3 s on one throttled post. Where a call may be repeated, its adapter does so.
 *
 * <p>Region, credentials and endpoints come from the environment variables that Lambda sets and the SDK knows, for instance
 * {@code AWS_REGION} and {@code AWS_ENDPOINT_URL_DYNAMODB}, or from the system properties of the SDK. Nothing else is looked
 * for, neither a profile file nor an instance's metadata: a visitor waits.
 */
public final class AwsClients {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration LONGEST_INVOCATION = Duration.ofMinutes(15);

    private static final Executor COMPLETE_WHERE_THE_ANSWER_ARRIVES = Runnable::run;

    /** The headers of clients that prime a function before its snapshot: a connection ends with its answer, so that none is in the snapshot. */
    public static final Map<String, List<String>> NO_KEEP_ALIVE = Map.of("Connection", List.of("close"));

    private static final Map<String, List<String>> USUAL = Map.of();

    private AwsClients() {}

    /**
     * Creates a client for the tables. It uses the JDK's HTTP client: the lightest to start, while a visitor waits.
     *
     * @return a client; each call takes at most 2 s
     */
    public static DynamoDbClient dynamoDb() {
        return dynamoDb(USUAL);
    }

    public static DynamoDbClient dynamoDb(Map<String, List<String>> headers) {
        return configured(DynamoDbClient.builder(), ATTEMPT_TIMEOUT, headers)
                .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT))
                .build();
    }

    /**
     * Creates a client that invokes functions.
     *
     * @return a client; each call takes at most 2 s unless it says otherwise
     */
    public static LambdaClient lambda() {
        return lambda(USUAL);
    }

    public static LambdaClient lambda(Map<String, List<String>> headers) {
        return configured(LambdaClient.builder(), ATTEMPT_TIMEOUT, headers)
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(LONGEST_INVOCATION))
                .build();
    }

    /**
     * Creates a client that posts to connections. It uses the CRT's asynchronous HTTP client: many posts at once, without a
     * thread for each. An answer completes its future on the HTTP client's own thread, which saves a change of threads for each
     * post: what depends on it must not block.
     *
     * @param callbackUrl the address of the API's stage
     * @param concurrency how many posts may be under way at once
     * @param postTimeout how long each may take
     * @return a client
     */
    public static ApiGatewayManagementApiAsyncClient connections(
            URI callbackUrl, int concurrency, Duration postTimeout) {
        return connections(callbackUrl, concurrency, postTimeout, USUAL);
    }

    public static ApiGatewayManagementApiAsyncClient connections(
            URI callbackUrl, int concurrency, Duration postTimeout, Map<String, List<String>> headers) {
        return configured(ApiGatewayManagementApiAsyncClient.builder(), postTimeout, headers)
                .endpointOverride(callbackUrl)
                .asyncConfiguration(
                        async -> async.advancedOption(FUTURE_COMPLETION_EXECUTOR, COMPLETE_WHERE_THE_ANSWER_ARRIVES))
                .httpClientBuilder(AwsCrtAsyncHttpClient.builder()
                        .maxConcurrency(concurrency)
                        .connectionTimeout(CONNECT_TIMEOUT))
                .build();
    }

    /** A call is one attempt, so one of the SDK's two timeouts is enough; each costs a timer. */
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
     * Lambda has them in the environment; for functions with snapshots it has an address there, because a snapshot must not
     * contain any.
     */
    private static AwsCredentialsProvider credentials() {
        return AwsCredentialsProviderChain.of(
                EnvironmentVariableCredentialsProvider.create(),
                SystemPropertyCredentialsProvider.create(),
                ContainerCredentialsProvider.create());
    }
}
