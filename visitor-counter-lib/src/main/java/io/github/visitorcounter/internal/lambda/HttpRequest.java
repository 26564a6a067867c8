package io.github.visitorcounter.internal.lambda;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * A request to a function URL or an HTTP API. Nothing in it has been checked.
 *
 * @param method the method, such as {@code GET}
 * @param path the path without the query, as the client sent it
 * @param query the decoded parameters by name; commas join the values of a repeated parameter
 * @param origin the {@code Origin} header, or null
 */
public record HttpRequest(
        String method,
        String path,
        Map<String, String> query,
        @Nullable String origin) {

    /** Returns what follows the last slash of the path. A stage, a base path or a CloudFront path may precede it. */
    String lastSegment() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
