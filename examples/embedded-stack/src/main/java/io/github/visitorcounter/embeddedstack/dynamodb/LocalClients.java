package io.github.visitorcounter.embeddedstack.dynamodb;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.utils.AttributeMap;

import java.net.URI;
import java.time.Duration;

/**
 * Clients whose calls are neither counted nor failed nor checked. Each side of the stack creates them with its own AWS
 * SDK. The project's SDK may be old, so this class uses only old methods.
 *
 * @since 0.1.0
 */
public final class LocalClients {

    /** Marks their calls. */
    static final String OWN_CALL_HEADER = "x-embedded-stack-own-call";

    /**
     * The timeout of all attempts together: on a busy machine the first call is slow, and a repeated CreateTable would
     * fail because the table exists.
     */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);

    private LocalClients() {}

    /**
     * A client of DynamoDB, for setting up and reading tables. The caller closes it.
     *
     * @param endpoint DynamoDB's address
     * @param region the region that it signs for
     */
    public static DynamoDbClient dynamoDb(URI endpoint, String region) {
        return configured(DynamoDbClient.builder(), endpoint, region).build();
    }

    /**
     * A client of the tables' streams. The caller closes it.
     *
     * @param endpoint DynamoDB's address
     * @param region the region that it signs for
     */
    public static DynamoDbStreamsClient streams(URI endpoint, String region) {
        return configured(DynamoDbStreamsClient.builder(), endpoint, region).build();
    }

    private static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configured(
            B builder, URI endpoint, String region) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(new Loopback())
                .overrideConfiguration(
                        settings -> settings.putHeader(OWN_CALL_HEADER, "true").apiCallTimeout(CALL_TIMEOUT));
    }

    /** The client that it is built for closes what it builds. */
    private static final class Loopback implements SdkHttpClient.Builder<Loopback> {

        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return new LoopbackHttpClient();
        }
    }
}
