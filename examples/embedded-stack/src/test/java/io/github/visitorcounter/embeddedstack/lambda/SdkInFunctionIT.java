package io.github.visitorcounter.embeddedstack.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.visitorcounter.embeddedstack.TestServer;
import io.github.visitorcounter.embeddedstack.access.AccessKeys;
import io.github.visitorcounter.embeddedstack.lambda.handlers.EchoHandler;
import io.github.visitorcounter.embeddedstack.lambda.handlers.SdkHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;

/** SDK clients without settings reach this stack through the function's environment variables. */
class SdkInFunctionIT {

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private Lambdas lambdas;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.at(port -> {
            lambdas = Lambdas.behind(
                    Lambdas.endpoints(port),
                    FunctionDefinition.builder("sdk")
                            .handler(SdkHandler.class)
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    FunctionDefinition.builder("echo")
                            .handler(EchoHandler.class)
                            .build());
            return new Handler.Sequence(lambdas.lambda.invokeApi(), new RecordingHandler());
        });
    }

    @AfterEach
    void stop() {
        server.close();
        lambdas.close();
    }

    @Test
    void the_real_sdk_reaches_lambda_dynamodb_and_the_connections_of_this_stack() throws Exception {
        assertThat(call("lambda")).isEqualTo("\"from a function\"");
        assertThat(call("dynamodb")).isEqualTo("Table");
        call("management");

        assertThat(requests).hasSize(2);
        assertThat(requests.get(0)).startsWith("POST /dynamodb/ ").contains("/eu-central-1/dynamodb/");
        assertThat(requests.get(1))
                .startsWith("POST /local/@connections/L0SM9cOFvHcCIhw%3D ")
                .contains("Credential=" + AccessKeys.of("sdk") + "/", "/eu-central-1/execute-api/");
    }

    private String call(String service) throws Exception {
        InvocationResult result = lambdas.invoke("sdk", "{\"call\":\"" + service + "\"}");
        assertThat(result.failed()).as(result.payload()).isFalse();
        return new ObjectMapper().readTree(result.payload()).textValue();
    }

    /** Replaces DynamoDB and the management API. */
    private final class RecordingHandler extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            requests.add(request.getMethod() + " " + request.getHttpURI().getPath() + " "
                    + request.getHeaders().get("Authorization"));
            boolean dynamoDb = request.getHttpURI().getPath().startsWith("/dynamodb");
            String body = dynamoDb ? "{\"TableNames\":[\"Table\"]}" : "";
            response.getHeaders().put("Content-Type", "application/x-amz-json-1.0");
            response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
            return true;
        }
    }
}
