package io.github.visitorcounter.localstack.lambda;

import java.nio.charset.StandardCharsets;

/** Sizes as AWS counts them. */
final class Utf8 {

    private Utf8() {}

    static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
