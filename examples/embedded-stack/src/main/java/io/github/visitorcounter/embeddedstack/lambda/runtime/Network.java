package io.github.visitorcounter.embeddedstack.lambda.runtime;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces a function's calls of the JDK's network classes, so that code written for AWS uses this stack: addresses of
 * DynamoDB, its streams, Lambda and API Gateway become this stack's, {@code https} to this stack becomes {@code http},
 * and every other host name of AWS is rejected before it is resolved. Other hosts are not changed.
 *
 * <p>Public methods are called from rewritten classes; each replaces the method of the same name.
 *
 * @since 0.1.0
 */
public final class Network {

    private static final Pattern URL_PARTS = Pattern.compile("(?i)(https?|wss?)://([^/?#]*)(.*)", Pattern.DOTALL);
    private static final List<String> AWS = List.of(".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws");

    private static volatile Settings settings = new Settings("", List.of(), "", "");

    private Network() {}

    /**
     * The addresses of the stack.
     *
     * @param function the function's name, for messages
     * @param authorities this stack's hosts with their ports
     * @param gateway the root of the WebSocket API, its {@code @connections} and Lambda, without a slash at the end
     * @param dynamoDb DynamoDB and its streams, without a slash at the end
     */
    record Settings(String function, List<String> authorities, String gateway, String dynamoDb) {}

    static void set(Settings newSettings) {
        settings = newSettings;
    }

    /**
     * Returns the address to use instead of a given one.
     *
     * @param address the text of a URI, absolute or not
     * @return the same text unless it is an address of this stack
     */
    public static @Nullable String redirect(@Nullable String address) {
        if (address == null) {
            return null;
        }
        Matcher parts = URL_PARTS.matcher(address);
        if (!parts.matches()) {
            return address;
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        String authority = parts.group(2).toLowerCase(Locale.ROOT);
        String rest = parts.group(3);
        if (settings.authorities().contains(authority)) {
            return (scheme.startsWith("ws") ? "ws" : "http") + "://" + authority + rest;
        }
        String host = authority.replaceFirst(":\\d*$", "");
        String service = isAws(host) ? service(host) : null;
        if (service == null) {
            return address;
        }
        return (scheme.startsWith("ws") ? service.replaceFirst("^http", "ws") : service) + rest;
    }

    /** Returns the address of a service of this stack, or null if it is another service. */
    private static @Nullable String service(String host) {
        if (host.startsWith("dynamodb.") || host.startsWith("streams.dynamodb.") || host.contains(".ddb.")) {
            return settings.dynamoDb();
        }
        return host.startsWith("lambda.") || host.startsWith("execute-api.") || host.contains(".execute-api.")
                ? settings.gateway()
                : null;
    }

    private static boolean isAws(String host) {
        return AWS.stream().anyMatch(host::endsWith);
    }

    /**
     * Checks that a host is not a name of AWS.
     *
     * @param host a name or address
     * @throws UnreachableServiceException if it is a name of AWS
     */
    public static @Nullable String checkedHost(@Nullable String host) {
        if (host != null && isAws(host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", ""))) {
            throw new UnreachableServiceException(settings.function(), host);
        }
        return host;
    }

    /**
     * Checks that the host of a URI is not a name of AWS.
     *
     * @param uri the URI to which a client connects
     * @throws UnreachableServiceException if its host is a name of AWS
     */
    public static URI checked(URI uri) {
        checkedHost(uri.getHost());
        return uri;
    }

    private static URL checked(URL url) {
        checkedHost(url.getHost());
        return url;
    }

    private static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equalsIgnoreCase("localhost") || host.equals("[::1]");
    }

    private static SocketAddress checked(SocketAddress address) {
        if (address instanceof InetSocketAddress internet) {
            checkedHost(internet.getHostString());
        }
        return address;
    }

    // The methods below replace the JDK's.

    /** {@link URI#create}. */
    public static URI create(String address) {
        return URI.create(String.valueOf(redirect(address)));
    }

    /** {@code new URI(String)}. */
    public static URI newUri(String address) throws URISyntaxException {
        return new URI(String.valueOf(redirect(address)));
    }

    /** {@link InetAddress#getByName}. */
    public static InetAddress getByName(String host) throws UnknownHostException {
        return InetAddress.getByName(checkedHost(host));
    }

    /** {@link InetAddress#getAllByName}. */
    public static InetAddress[] getAllByName(String host) throws UnknownHostException {
        return InetAddress.getAllByName(checkedHost(host));
    }

    /** {@link URL#openConnection()}. */
    public static URLConnection openConnection(URL url) throws IOException {
        return isLoopback(checked(url).getHost()) ? url.openConnection(Proxy.NO_PROXY) : url.openConnection();
    }

    /** {@link URL#openConnection(Proxy)}. */
    public static URLConnection openConnection(URL url, Proxy proxy) throws IOException {
        return checked(url).openConnection(isLoopback(url.getHost()) ? Proxy.NO_PROXY : proxy);
    }

    /** {@link URL#openStream()}. */
    public static InputStream openStream(URL url) throws IOException {
        return openConnection(url).getInputStream();
    }

    /** {@link Socket#connect(SocketAddress)}. */
    public static void connect(Socket socket, SocketAddress address) throws IOException {
        socket.connect(checked(address));
    }

    /** {@link Socket#connect(SocketAddress, int)}. */
    public static void connect(Socket socket, SocketAddress address, int timeout) throws IOException {
        socket.connect(checked(address), timeout);
    }

    /** {@link SocketChannel#connect}. */
    public static boolean connect(SocketChannel channel, SocketAddress address) throws IOException {
        return channel.connect(checked(address));
    }

    /** {@link HttpClient#send}. */
    public static <T> HttpResponse<T> send(HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        checked(request.uri());
        return client.send(request, handler);
    }

    /** {@link HttpClient#sendAsync(HttpRequest, HttpResponse.BodyHandler)}. */
    public static <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        checked(request.uri());
        return client.sendAsync(request, handler);
    }

    /** {@link HttpClient#sendAsync(HttpRequest, HttpResponse.BodyHandler, HttpResponse.PushPromiseHandler)}. */
    public static <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpClient client,
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            HttpResponse.PushPromiseHandler<T> promises) {
        checked(request.uri());
        return client.sendAsync(request, handler, promises);
    }
}
