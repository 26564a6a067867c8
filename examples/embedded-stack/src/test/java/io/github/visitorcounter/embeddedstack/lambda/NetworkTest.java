package io.github.visitorcounter.embeddedstack.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.TestServer;
import io.github.visitorcounter.embeddedstack.lambda.handlers.NetworkHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** A function's requests to AWS addresses reach the stack or fail. */
class NetworkTest {

    private Lambdas lambdas;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.at(port -> {
            lambdas = Lambdas.behind(
                    Lambdas.endpoints(port),
                    FunctionDefinition.builder("net")
                            .handler(NetworkHandler.class)
                            .build());
            return new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) {
                    String path = request.getHttpURI().getPath();
                    response.write(true, ByteBuffer.wrap(path.getBytes(StandardCharsets.UTF_8)), callback);
                    return true;
                }
            };
        });
    }

    @AfterEach
    void stop() {
        server.close();
        lambdas.close();
    }

    @ParameterizedTest
    @CsvSource({
        "https://127.0.0.1:PORT/prod, http://127.0.0.1:PORT/prod",
        "https://localhost:PORT/prod, http://localhost:PORT/prod",
        "wss://127.0.0.1:PORT/prod, ws://127.0.0.1:PORT/prod",
        "https://dynamodb.eu-west-1.amazonaws.com, http://127.0.0.1:PORT/dynamodb",
        "https://dynamodb.cn-north-1.amazonaws.com.cn/, http://127.0.0.1:PORT/dynamodb/",
        "https://dynamodb.us-east-1.api.aws, http://127.0.0.1:PORT/dynamodb",
        "https://123456789012.ddb.us-east-1.amazonaws.com, http://127.0.0.1:PORT/dynamodb",
        "https://streams.dynamodb.us-east-1.amazonaws.com:443/, http://127.0.0.1:PORT/dynamodb/",
        "HTTPS://Lambda.us-east-1.amazonaws.com/2015-03-31, http://127.0.0.1:PORT/2015-03-31",
        "https://abc123.execute-api.us-east-1.amazonaws.com/prod, http://127.0.0.1:PORT/prod",
        "wss://abc123.execute-api.us-east-1.amazonaws.com/prod, ws://127.0.0.1:PORT/prod",
        "https://s3.us-east-1.amazonaws.com/b, https://s3.us-east-1.amazonaws.com/b",
        "https://example.com/a?b=c, https://example.com/a?b=c",
        "https://127.0.0.1:1/other, https://127.0.0.1:1/other",
        "/relative, /relative"
    })
    void an_address_of_an_emulated_service_is_replaced(String address, String expected) throws Exception {
        for (String way : new String[] {"uri", "newUri", "reference"}) {
            assertThat(call(way, port(address), "").payload()).as(way).isEqualTo('"' + port(expected) + '"');
        }
        assertThat(call("constructor", port(address), "").payload()).isEqualTo("\"[" + port(expected) + "]\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"url", "openConnection", "proxy", "httpClient", "httpClientAsync"})
    void every_client_reaches_the_stack(String way) throws Exception {
        assertThat(call(way, port("https://127.0.0.1:PORT/stage/@connections"), "")
                        .payload())
                .isEqualTo("\"/stage/@connections\"");
        assertThat(call(way, "https://abc.execute-api.us-east-1.amazonaws.com/stage", "")
                        .payload())
                .isEqualTo("\"/stage\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url",
                "openConnection",
                "proxy",
                "httpClient",
                "httpClientAsync",
                "getByName",
                "getAllByName",
                "socketAddress",
                "newSocket",
                "socket",
                "channel"
            })
    void another_aws_service_is_an_error(String way) throws Exception {
        InvocationResult result = call(way, "https://s3.us-east-1.amazonaws.com/bucket", "s3.us-east-1.amazonaws.com");
        assertThat(result.failed()).isTrue();
        assertThat(result.payload())
                .contains("UnreachableServiceException", "Function 'net' called s3.us-east-1.amazonaws.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"getByName", "getAllByName"})
    void other_hosts_are_not_changed(String way) throws Exception {
        assertThat(call(way, "", "127.0.0.1").payload()).isEqualTo("\"127.0.0.1\"");
    }

    private InvocationResult call(String way, String address, String host) throws Exception {
        return lambdas.invoke(
                "net", new ObjectMapper().writeValueAsString(Map.of("way", way, "address", address, "host", host)));
    }

    private String port(String text) {
        return text.replace("PORT", Integer.toString(server.port()));
    }
}
