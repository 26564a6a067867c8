package io.github.visitorcounter.internal.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Reads the events of a function URL or an HTTP API, in payload format 2.0, which both have.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads">the payload of
 *     function URLs</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">the
 *     payload of HTTP APIs</a>
 */
public final class HttpEvents {

    private static final String FORMAT = "2.0";

    private HttpEvents() {}

    /**
     * Reads a request.
     *
     * @param input the event
     * @return the request
     * @throws InvalidEventException if it is not a request in payload format 2.0
     * @throws IOException if the input can't be read
     */
    public static HttpRequest request(InputStream input) throws IOException {
        EventField event = EventField.read(input);
        EventField version = event.get("version");
        if (!FORMAT.equals(version.text())) {
            throw new InvalidEventException(
                    "version is not " + FORMAT + ": set the payload format of the HTTP API's integration to " + FORMAT,
                    null);
        }
        return new HttpRequest(
                event.get("requestContext").get("http").get("method").text(),
                event.get("rawPath").text(),
                event.get("queryStringParameters").texts(UnaryOperator.identity()),
                event.get("headers")
                        .texts(name -> name.toLowerCase(Locale.ROOT))
                        .get("origin"));
    }
}
