package io.github.visitorcounter.connection;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * The origins of the pages that may connect. A browser names the page's origin in every WebSocket handshake, and no page can
 * change that; programs other than browsers can send what they like.
 *
 * <p>An origin is written as a browser sends it, {@code https://www.example.org} or {@code http://localhost:8080}; {@code
 * https://*.example.org} stands for all subdomains, not for {@code example.org} itself; {@code *} for anything, a missing
 * origin included. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-10.2">Origin considerations of WebSocket</a>
 * @since 0.1.0
 */
public final class AllowedOrigins {

    /** What an origin must look like. */
    public static final String ALLOWED =
            "must be like https://www.example.org, https://*.example.org or http://localhost:8080, or * for any page";

    private static final String ANY = "*";
    private static final String SUBDOMAINS = "://*.";

    private final Set<String> origins;

    private AllowedOrigins(Set<String> origins) {
        this.origins = origins;
    }

    /**
     * Allows origins.
     *
     * @param origins the origins, each {@link #isValid valid}
     * @return them
     * @throws IllegalArgumentException if one is not valid
     */
    public static AllowedOrigins of(Set<String> origins) {
        for (String origin : origins) {
            if (!isValid(origin)) {
                throw new IllegalArgumentException("The origin '" + origin + "': " + ALLOWED);
            }
        }
        return new AllowedOrigins(Set.copyOf(origins));
    }

    /**
     * Tells whether a setting can be an origin.
     *
     * @param origin anything
     * @return whether it is what {@link #ALLOWED} says
     */
    public static boolean isValid(String origin) {
        if (origin.equals(ANY)) {
            return true;
        }
        try {
            URI uri = new URI(origin.replace(SUBDOMAINS, "://"));
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && origin.equals(origin.toLowerCase(Locale.ROOT));
        } catch (URISyntaxException notAnAddress) {
            return false;
        }
    }

    /**
     * Tells whether a page may connect.
     *
     * @param origin the handshake's {@code Origin} header, or null when there is none
     * @return whether it is among these
     */
    public boolean allow(@Nullable String origin) {
        if (origins.contains(ANY)) {
            return true;
        }
        return origin != null
                && (origins.contains(origin) || origins.stream().anyMatch(allowed -> isSubdomain(origin, allowed)));
    }

    private static boolean isSubdomain(String origin, String allowed) {
        int wildcard = allowed.indexOf(SUBDOMAINS);
        if (wildcard < 0) {
            return false;
        }
        String scheme = allowed.substring(0, wildcard) + "://";
        String parent = allowed.substring(wildcard + SUBDOMAINS.length() - 1);
        return origin.startsWith(scheme)
                && origin.endsWith(parent)
                && origin.length() > scheme.length() + parent.length();
    }
}
