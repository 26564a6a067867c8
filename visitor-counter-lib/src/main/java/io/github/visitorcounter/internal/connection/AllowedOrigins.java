package io.github.visitorcounter.internal.connection;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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
            "origins as browsers send them (https://www.example.org, http://localhost:8080,"
                    + " capacitor://localhost; https://*.example.org for all subdomains), or * for any page, separated by commas";

    private static final String ANY = "*";
    private static final String SUBDOMAINS = "://*.";

    /** Web views have schemes of their own. A page of a file has the origin {@code null}. */
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
     * @return them
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
     * Tells why no browser can send an origin.
     *
     * @param origin anything
     * @return what to write instead, or empty if it is what {@link #ALLOWED} says
     */
    public static Optional<String> problem(String origin) {
        if (origin.equals(ANY)) {
            return Optional.empty();
        }
        String sent = asSent(origin);
        if (!ORIGIN.matcher(sent).matches()) {
            return Optional.of("'" + origin + "' is no origin");
        }
        return sent.equals(origin)
                ? Optional.empty()
                : Optional.of("'" + origin + "' never matches, write '" + sent + "'");
    }

    /** Browsers send lower case, no path, and no port that is the scheme's default; the scheme is the page's. */
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
