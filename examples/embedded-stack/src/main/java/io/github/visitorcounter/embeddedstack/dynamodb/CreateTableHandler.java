package io.github.visitorcounter.embeddedstack.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.visitorcounter.embeddedstack.dynamodb.BufferedExchange.ReplacedRequest;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the key schema of tables from {@code CreateTable} requests of any client. */
final class CreateTableHandler extends Handler.Wrapper {

    private static final JsonMapper JSON = new JsonMapper();

    private final ItemKeys keys;

    CreateTableHandler(Handler dynamoDb, ItemKeys keys) {
        super(dynamoDb);
        this.keys = keys;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!"DynamoDB_20120810.CreateTable".equals(request.getHeaders().get("X-Amz-Target"))) {
            return super.handle(request, response, callback);
        }
        Content.Source.asByteBuffer(request, new Promise<>() {
            @Override
            public void succeeded(ByteBuffer body) {
                byte[] bytes = BufferUtil.toArray(body);
                request.getComponents().getExecutor().execute(() -> create(bytes, request, response, callback));
            }

            @Override
            public void failed(Throwable failure) {
                callback.failed(failure);
            }
        });
        return true;
    }

    private void create(byte[] body, Request request, Response response, Callback callback) {
        JsonNode input = parse(body);
        keys.addIfAbsent(input); // Before the answer, after which the client writes to the table at once.
        Callback whenHandled = Callback.from(
                () -> {
                    if (response.getStatus() == 200) {
                        keys.add(input);
                    }
                    callback.succeeded();
                },
                callback::failed);
        try {
            if (!super.handle(new ReplacedRequest(request, body), response, whenHandled)) {
                whenHandled.failed(new IllegalStateException("DynamoDB Local did not answer CreateTable"));
            }
        } catch (Exception failure) {
            whenHandled.failed(failure);
        }
    }

    /** Parses a request. DynamoDB Local rejects bodies that are not JSON. */
    private static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }
}
