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
 * The broadcast of the original design: reads the table of connections and posts the number to one after another. It
 * removes nothing on 410, and ends at the first error that remains after the SDK's retries; Lambda then retries the
 * batch of the stream or the direct invocation.
 *
 * <p>Better than the original:
 *
 * <ul>
 *   <li>one broadcast for a whole batch of the stream instead of one for each record;
 *   <li>it posts the current number from the table instead of the one in the record, which may be older;
 *   <li>the read is paged, so that an audience over one megabyte is complete;
 *   <li>a 410 does not end the broadcast;
 *   <li>its clients are created once and keep their connections open; the function has Lambda's maximum timeout of 15
 *       minutes, not the default of 3 seconds.
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
