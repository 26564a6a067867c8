package io.github.visitorcounter.embeddedstack.dynamodb;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Request and response of an exchange whose bodies are read and replaced as a whole. */
final class BufferedExchange {

    private static final String CHECKSUM_HEADER = "x-amz-crc32";

    private BufferedExchange() {}

    /** The same request with another body. */
    static final class ReplacedRequest extends Request.Wrapper {

        private final Content.Source body;
        private final HttpFields headers;

        ReplacedRequest(Request request, byte[] bytes) {
            super(request);
            body = new ByteBufferContentSource(ByteBuffer.wrap(bytes));
            // Without Accept-Encoding the response is not compressed and can be read here.
            headers = HttpFields.build(request.getHeaders())
                    .remove(HttpHeader.ACCEPT_ENCODING)
                    .put(HttpHeader.CONTENT_LENGTH, bytes.length);
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }

        @Override
        public long getLength() {
            return headers.getLongField(HttpHeader.CONTENT_LENGTH);
        }

        @Override
        public Content.@Nullable Chunk read() {
            return body.read();
        }

        @Override
        public void demand(Runnable demandCallback) {
            body.demand(demandCallback);
        }

        @Override
        public void fail(Throwable failure) {
            body.fail(failure);
        }
    }

    /** Holds back the answer's body until the handler has finished. */
    static final class HeldResponse extends Response.Wrapper {

        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        HeldResponse(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
            if (content != null) {
                body.writeBytes(BufferUtil.toArray(content));
                content.position(content.limit());
            }
            callback.succeeded();
        }

        byte[] body() {
            return body.toByteArray();
        }
    }

    /** Sends a body with the length and the checksum that the SDK verifies. */
    static void send(Response response, byte[] body, Callback callback) {
        CRC32 checksum = new CRC32();
        checksum.update(body);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.getHeaders().put(new HttpField(CHECKSUM_HEADER, Long.toString(checksum.getValue())));
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
