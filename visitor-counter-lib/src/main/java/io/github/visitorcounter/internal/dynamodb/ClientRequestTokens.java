package io.github.visitorcounter.internal.dynamodb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * ClientRequestTokens of transactions. A token is a hash of everything in its transaction, so a retry has the token of
 * the first attempt, and different transactions have different tokens. DynamoDB remembers tokens for ten minutes: a
 * retry after a lost answer then succeeds without a second effect. After that, the conditions prevent the second
 * effect.
 */
final class ClientRequestTokens {

    /** A token has at most 36 characters: 27 bytes as Base64. A collision of 27 bytes is practically impossible. */
    private static final int TOKEN_BYTES = 27;

    private ClientRequestTokens() {}

    /**
     * Derives a token.
     *
     * @param action the name of the action
     * @param details everything that the transaction contains; the text of each must be the same in every process
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
