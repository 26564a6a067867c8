package io.github.visitorcounter.embeddedstack.gateway;

/** API Gateway's own error messages to clients. Clients may compare them as text, so the spacing is AWS's. */
final class ErrorText {

    private ErrorText() {}

    static String of(String message, String connectionId, String requestId) {
        return "{\"message\": \"" + message + "\", \"connectionId\":\"" + connectionId + "\", \"requestId\":\""
                + requestId + "\"}";
    }
}
