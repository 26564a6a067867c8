package io.github.visitorcounter.internal.dynamodb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * ClientRequestTokens of transactions. Each is derived from all that its transaction says, so that a retry whose first attempt was carried
 * out, its answer lost, is answered as that attempt was (DynamoDB remembers tokens for ten minutes), and so that no two different
 * transactions have the same. Beyond that the conditions decide.
 */
final class ClientRequestTokens {

    /** A token's limit is 36 characters; this many bytes are as good as unique, and as Base64 they fit. */
    private static final int TOKEN_BYTES = 27;

    private ClientRequestTokens() {}

    /**
     * Derives a token.
     *
     * @param action what is done
     * @param details to what, and how; each has a text that is the same in every process
     */
    static String of(String action, Object... details) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((action + " " + Arrays.toString(details)).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, TOKEN_BYTES * 4 / 3);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
