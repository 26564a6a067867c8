package io.github.visitorcounter.embeddedstack.dynamodb;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.time.Duration;

/**
 * The HTTP client of the AWS SDK for DynamoDB on this machine, without a proxy. It is not one of the SDK's own HTTP
 * clients, because a second one on the project's class path would make the project's clients fail with "Multiple HTTP
 * implementations were found".
 */
final class LoopbackHttpClient implements SdkHttpClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Call(request);
    }

    @Override
    public String clientName() {
        return "EmbeddedStack";
    }

    @Override
    public void close() {
        // Idle connections are the JDK's, which closes them after five seconds.
    }

    private static final class Call implements ExecutableHttpRequest {

        private final HttpExecuteRequest request;
        private volatile @Nullable HttpURLConnection connection;

        Call(HttpExecuteRequest request) {
            this.request = request;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            SdkHttpRequest http = request.httpRequest();
            HttpURLConnection opened = (HttpURLConnection) http.getUri().toURL().openConnection(Proxy.NO_PROXY);
            connection = opened;
            opened.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
            opened.setReadTimeout((int) READ_TIMEOUT.toMillis());
            opened.setRequestMethod(http.method().name());
            http.forEachHeader((name, values) -> values.forEach(value -> opened.addRequestProperty(name, value)));
            if (request.contentStreamProvider().isPresent()) {
                byte[] body;
                try (InputStream content = request.contentStreamProvider().get().newStream()) {
                    body = content.readAllBytes();
                }
                opened.setDoOutput(true);
                opened.setFixedLengthStreamingMode(body.length); // Without it, the JDK may send the body twice.
                try (OutputStream out = opened.getOutputStream()) {
                    out.write(body);
                }
            }
            int status = opened.getResponseCode();
            SdkHttpResponse.Builder response = SdkHttpResponse.builder().statusCode(status);
            opened.getHeaderFields().forEach((name, values) -> {
                if (name != null) { // The JDK's name of the status line.
                    response.putHeader(name, values);
                }
            });
            InputStream body =
                    status < HttpURLConnection.HTTP_BAD_REQUEST ? opened.getInputStream() : opened.getErrorStream();
            HttpExecuteResponse.Builder executed = HttpExecuteResponse.builder().response(response.build());
            return body == null
                    ? executed.build()
                    : executed.responseBody(AbortableInputStream.create(body)).build();
        }

        @Override
        public void abort() {
            HttpURLConnection opened = connection;
            if (opened != null) {
                opened.disconnect();
            }
        }
    }
}
