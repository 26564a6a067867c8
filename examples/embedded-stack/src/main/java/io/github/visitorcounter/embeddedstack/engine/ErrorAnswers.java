package io.github.visitorcounter.embeddedstack.engine;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Formats errors of the web server itself, such as a malformed request, as AWS does: the SDKs read the type of an error
 * from a header, and JSON from the body.
 */
final class ErrorAnswers implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Object attribute = request.getAttribute(ErrorHandler.ERROR_STATUS);
        write(attribute instanceof Integer status ? status : response.getStatus(), response, callback);
        return true;
    }

    /** Answers with an error of AWS's form. */
    static void write(int status, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put("x-amzn-ErrorType", type(status));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        String body = "{\"message\":\"" + message(status) + "\"}";
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
    }

    private static String type(int status) {
        return switch (status) {
            case 400 -> "BadRequestException";
            case 403 -> "ForbiddenException";
            case 404 -> "NotFoundException";
            case 413 -> "RequestEntityTooLargeException";
            case 414 -> "RequestUriTooLongException";
            case 431 -> "RequestHeaderFieldsTooLargeException";
            case 503 -> "ServiceUnavailableException";
            default -> status < 500 ? "BadRequestException" : "InternalServerErrorException";
        };
    }

    private static String message(int status) {
        return status == 500 ? "Internal server error" : HttpStatus.getMessage(status);
    }
}
