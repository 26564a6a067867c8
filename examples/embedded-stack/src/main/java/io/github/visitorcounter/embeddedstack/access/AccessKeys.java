package io.github.visitorcounter.embeddedstack.access;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The access key of each function. Every signed request contains it, so that it identifies the caller.
 *
 * @since 0.1.0
 */
public final class AccessKeys {

    /** The prefix of temporary credentials, such as a role's. */
    private static final String PREFIX = "ASIA";

    private static final int HASH_LENGTH = 16;
    private static final Pattern CREDENTIAL = Pattern.compile("AWS4-[A-Z0-9-]+ .*?Credential=([A-Za-z0-9]+)/.*");

    private AccessKeys() {}

    /**
     * The access key id of a function.
     *
     * @param functionName its name
     * @return 20 upper-case letters and digits, always the same for one name
     */
    public static String of(String functionName) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(functionName.getBytes(StandardCharsets.UTF_8));
            return PREFIX
                    + HexFormat.of().formatHex(hash).substring(0, HASH_LENGTH).toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java has SHA-256", impossible);
        }
    }

    /** Returns the access key id of a signed request, or null if the request is not signed. */
    static @Nullable String signedWith(@Nullable String authorization) {
        if (authorization == null) {
            return null;
        }
        Matcher signature = CREDENTIAL.matcher(authorization);
        return signature.matches() ? signature.group(1) : null;
    }
}
