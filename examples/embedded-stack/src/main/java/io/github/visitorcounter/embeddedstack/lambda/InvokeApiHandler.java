package io.github.visitorcounter.embeddedstack.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code POST /2015-03-31/functions/{function}/invocations}. Rejects Lambda's other operations, and passes on every
 * other path.
 */
final class InvokeApiHandler extends Handler.Abstract.NonBlocking {

    static final int MAXIMUM_ASYNC_PAYLOAD_BYTES = 1024 * 1024;

    private static final int MAXIMUM_DRAINED_BYTES = 64 * 1024 * 1024;

    private static final Pattern PATH = Pattern.compile("/2015-03-31/functions/(?<function>[^/]+)/invocations/?");
    /** Lambda's paths begin with the date of the API's version. */
    private static final Pattern OTHER_OPERATION = Pattern.compile("/20\\d\\d-\\d\\d-\\d\\d/.*");

    private static final ObjectReader JSON =
            new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final LocalLambda lambda;

    InvokeApiHandler(LocalLambda lambda) {
        this.lambda = lambda;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String requested = String.valueOf(request.getHttpURI().getPath());
        Matcher path = PATH.matcher(requested);
        if (!path.matches() || !request.getMethod().equals("POST")) {
            boolean lambdas = OTHER_OPERATION.matcher(requested).matches();
            if (lambdas) {
                reject(response, callback, unknownOperation(request.getMethod() + " " + requested));
            }
            return lambdas;
        }
        try {
            serve(URIUtil.decodePath(path.group("function")), request, response, callback);
        } catch (RuntimeException e) {
            reject(response, callback, e);
        }
        return true;
    }

    private void serve(String reference, Request request, Response response, Callback callback) {
        InvocationTarget target = lambda.find(
                qualified(reference, Request.extractQueryParameters(request).getValue("Qualifier")));
        String header = request.getHeaders().get("X-Amz-Invocation-Type");
        String type = header == null ? "RequestResponse" : header;
        boolean tail = "Tail".equals(request.getHeaders().get("X-Amz-Log-Type"));
        int maximumBytes = type.equals("Event") ? MAXIMUM_ASYNC_PAYLOAD_BYTES : HandlerCaller.MAXIMUM_PAYLOAD_BYTES;
        if (request.getLength() > maximumBytes && request.getLength() <= MAXIMUM_DRAINED_BYTES) {
            // Clients write the whole body before they read the response.
            Content.Source.consumeAll(
                    request, Callback.from(() -> reject(response, callback, tooLarge(maximumBytes)), callback::failed));
            return;
        }
        Content.Source.asByteArrayAsync(
                request, maximumBytes, Promise.Invocable.from(getInvocationType(), (body, error) -> {
                    try {
                        if (error != null) {
                            // Otherwise the connection was lost, and the client does not receive this response.
                            throw tooLarge(maximumBytes);
                        }
                        invoke(target, type, payload(body), tail, response, callback);
                    } catch (RuntimeException e) {
                        reject(response, callback, e);
                    }
                }));
    }

    private void invoke(
            InvocationTarget target, String type, String payload, boolean tail, Response response, Callback callback) {
        switch (type) {
            case "RequestResponse" -> {
                Future<?> unused = target.invoke(lambda.settings().requestIds().get(), payload)
                        .whenComplete((answer, error) -> {
                            if (error == null) {
                                answer(response, callback, answer, tail);
                            } else {
                                reject(response, callback, error);
                            }
                        });
            }
            case "Event" -> {
                String requestId = lambda.invokeAsync(target.arn(), payload);
                response.getHeaders().put("x-amzn-RequestId", requestId);
                respond(response, callback, 202, "");
            }
            case "DryRun" -> respond(response, callback, 204, "");
            default ->
                throw new ApiException(
                        400,
                        "InvalidParameterValueException",
                        "X-Amz-Invocation-Type must be RequestResponse, Event or DryRun, not '" + type + "'");
        }
    }

    private static String qualified(String reference, @Nullable String qualifier) {
        if (qualifier == null) {
            return reference;
        }
        String inReference = FunctionReference.parse(reference).qualifier();
        if (inReference == null) {
            return reference + ":" + qualifier;
        }
        if (inReference.equals(qualifier)) {
            return reference;
        }
        throw new ApiException(
                400,
                "InvalidParameterValueException",
                "The derived qualifier from the function name does not match the specified qualifier.");
    }

    private static String payload(byte[] body) {
        if (body.length == 0) {
            return "{}";
        }
        String payload = new String(body, StandardCharsets.UTF_8);
        try {
            if (!JSON.readTree(payload).isMissingNode()) {
                return payload;
            }
            throw invalidJson("there is no value");
        } catch (JsonProcessingException e) {
            throw invalidJson(e.getOriginalMessage());
        }
    }

    private static ApiException invalidJson(String reason) {
        return new ApiException(
                400, "InvalidRequestContentException", "Could not parse request body into json: " + reason);
    }

    private static ApiException unknownOperation(String operation) {
        return new ApiException(
                404,
                "UnknownOperationException",
                "The embedded stack has Lambda's operation Invoke, and no other: " + operation);
    }

    private static ApiException tooLarge(int maximumBytes) {
        return new ApiException(
                413,
                "RequestTooLargeException",
                "Request must be smaller than " + maximumBytes + " bytes for the InvokeFunction operation");
    }

    private static void answer(Response response, Callback callback, Invocation.Answer answer, boolean tail) {
        response.getHeaders().put("x-amzn-RequestId", answer.result().requestId());
        response.getHeaders().put("X-Amz-Executed-Version", FunctionIdentity.VERSION);
        if (answer.result().functionError() != null) {
            response.getHeaders().put("X-Amz-Function-Error", answer.result().functionError());
        }
        if (tail) {
            response.getHeaders()
                    .put(
                            "X-Amz-Log-Result",
                            Base64.getEncoder().encodeToString(answer.log().tail()));
        }
        respond(response, callback, 200, answer.result().payload());
    }

    private static void reject(Response response, Callback callback, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        ApiException rejection;
        if (cause instanceof ApiException api) {
            rejection = api;
        } else if (cause instanceof FunctionNotFoundException) {
            rejection = new ApiException(404, "ResourceNotFoundException", String.valueOf(cause.getMessage()));
        } else if (cause instanceof TooManyRequestsException throttled) {
            throttle(response, callback, throttled);
            return;
        } else if (cause instanceof IllegalArgumentException) {
            rejection = new ApiException(400, "InvalidParameterValueException", String.valueOf(cause.getMessage()));
        } else {
            rejection = new ApiException(500, "ServiceException", "The function could not be invoked");
        }
        response.getHeaders().put("x-amzn-ErrorType", rejection.type);
        respond(response, callback, rejection.status, rejection.toJson());
    }

    /** AWS's document also contains the reason, and its member names differ from those of other errors. */
    private static void throttle(Response response, Callback callback, TooManyRequestsException throttled) {
        response.getHeaders().put("x-amzn-ErrorType", "TooManyRequestsException");
        String document = new ObjectMapper()
                .createObjectNode()
                .put("Reason", throttled.reason().name())
                .put("Type", "User")
                .put("message", throttled.getMessage())
                .toString();
        respond(response, callback, 429, document);
    }

    private static void respond(Response response, Callback callback, int status, String body) {
        response.setStatus(status);
        if (status != 204) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        }
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
    }

    /** An error of the API itself, in the form that the SDKs understand. */
    private static final class ApiException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final String type;

        ApiException(int status, String type, String message) {
            super(message);
            this.status = status;
            this.type = type;
        }

        String toJson() {
            ObjectMapper mapper = new ObjectMapper();
            return mapper.createObjectNode()
                    .put("Type", "User")
                    .put("Message", getMessage())
                    .toString();
        }
    }
}
