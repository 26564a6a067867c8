package io.github.visitorcounter.benchmark.original;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;

/**
 * The broadcast as the original design does it: reads the table of connections and posts the number to one after another. It
 * removes nothing on 410, and ends at the first error that outlasts the SDK's own retries; the stream then brings the batch
 * again, and a direct invocation is retried by Lambda.
 *
 * <p>Kinder than the original:
 *
 * <ul>
 *   <li>one broadcast for a whole batch of the stream instead of one for each record;
 *   <li>it posts the number as it is now, read from the table, instead of the one in the record, which may be older;
 *   <li>the read is paged, so that an audience over one megabyte is reached;
 *   <li>a 410 does not end the broadcast;
 *   <li>its clients are made once and keep their connections open; the function has Lambda's longest timeout, 15 minutes, not
 *       the 3 seconds it has when nobody sets one.
 * </ul>
 */
public final class OriginalBroadcastHandler implements RequestStreamHandler {

    /** Where to post. */
    static final String CALLBACK_URL = "CALLBACK_URL";

    private static final int GONE = 410;

    private final OriginalTables tables = OriginalTables.ofEnvironment();
    private final ApiGatewayManagementApiClient connections = ApiGatewayManagementApiClient.builder()
            .endpointOverride(URI.create(System.getenv(CALLBACK_URL)))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) {
        SdkBytes message = SdkBytes.fromUtf8String(tables.readCount());
        tables.connectionIds().forEach(connectionId -> post(connectionId, message));
    }

    private void post(String connectionId, SdkBytes message) {
        try {
            connections.postToConnection(
                    request -> request.connectionId(connectionId).data(message));
        } catch (ApiGatewayManagementApiException failure) {
            if (failure.statusCode() != GONE) {
                throw failure;
            }
        }
    }
}
