package io.github.visitorcounter.internal.connection;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The origins of the pages that may connect. A browser sends the page's origin in every WebSocket handshake, and a page
 * cannot change it; other programs can send any value.
 *
 * <p>An origin is written as a browser sends it, {@code https://www.example.org} or {@code http://localhost:8080};
 * {@code https://*.example.org} allows all subdomains, but not {@code example.org} itself; {@code *} allows any origin,
 * including a missing one. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-10.2">Origin considerations of WebSocket</a>
 * @since 0.1.0
 */
public final class AllowedOrigins {

    /** A description of valid origins, for messages. */
    public static final String ALLOWED =
            "origins as browsers send them (https://www.example.org, http://localhost:8080,"
                    + " capacitor://localhost; https://*.example.org for all subdomains), or * for any page, separated by commas";

    private static final String ANY = "*";
    private static final String SUBDOMAINS = "://*.";

    /** Web views use their own schemes. A page loaded from a file has the origin {@code null}. */
    private static final Pattern ORIGIN = Pattern.compile("(?!ftp:|file:)[a-z][a-z0-9+.-]*://"
            + "(\\*\\.)?([a-z0-9_-]+(\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+])"
            + "(:[1-9][0-9]{0,4})?");

    private final Set<String> origins;

    private AllowedOrigins(Set<String> origins) {
        this.origins = origins;
    }

    /**
     * Allows origins.
     *
     * @param origins the origins
     * @return the allowed origins
     * @throws IllegalArgumentException if one has a {@link #problem}
     */
    public static AllowedOrigins of(Set<String> origins) {
        for (String origin : origins) {
            problem(origin).ifPresent(problem -> {
                throw new IllegalArgumentException(problem + ": must be " + ALLOWED);
            });
        }
        return new AllowedOrigins(Set.copyOf(origins));
    }

    /**
     * Checks whether a browser can send an origin.
     *
     * @param origin any string
     * @return the problem and its correction, or empty if the origin is valid
     */
    public static Optional<String> problem(String origin) {
        if (origin.equals(ANY)) {
            return Optional.empty();
        }
        String sent = asSent(origin);
        if (!ORIGIN.matcher(sent).matches()) {
            return Optional.of("'" + origin + "' is not an origin");
        }
        return sent.equals(origin)
                ? Optional.empty()
                : Optional.of("'" + origin + "' never matches, write '" + sent + "'");
    }

    /** Browsers send lower case, no path, and no default port; the scheme is that of the page, not {@code wss}. */
    private static String asSent(String origin) {
        String sent = origin.toLowerCase(Locale.ROOT).replaceFirst("^ws(s?)://", "http$1://");
        if (!sent.contains("://")) {
            sent = "https://" + sent;
        }
        return sent.replaceFirst("(://[^/?#]+)[/?#].*", "$1")
                .replaceFirst("^(https://.*):443$", "$1")
                .replaceFirst("^(http://.*):80$", "$1");
    }

    /**
     * Returns whether a page may connect.
     *
     * @param origin the {@code Origin} header of the handshake, or null if there is none
     * @return true if the origin is allowed
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
