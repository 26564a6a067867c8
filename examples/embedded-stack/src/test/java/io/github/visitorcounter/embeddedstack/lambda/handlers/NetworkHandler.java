package io.github.visitorcounter.embeddedstack.lambda.handlers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Connects to an address by each method of the JDK. */
public class NetworkHandler {

    @SuppressWarnings("deprecation")
    public String handleRequest(Map<String, String> event) throws Exception {
        String address = event.get("address");
        String host = event.getOrDefault("host", "");
        return switch (event.get("way")) {
            case "uri" -> URI.create(address).toString();
            case "newUri" -> new URI(address).toString();
            case "reference" -> {
                Function<String, URI> create = URI::create;
                yield create.apply(address).toString();
            }
            case "constructor" -> {
                List<URI> uris =
                        List.of(address).stream().map(NetworkHandler::uri).toList();
                yield uris.toString();
            }
            case "url" -> read(new URL(address).openStream());
            case "openConnection" -> read(new URL(address).openConnection().getInputStream());
            case "proxy" -> read(new URL(address).openConnection(Proxy.NO_PROXY).getInputStream());
            case "httpClient" ->
                HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                        .body();
            case "httpClientAsync" ->
                HttpClient.newHttpClient()
                        .sendAsync(
                                HttpRequest.newBuilder(URI.create(address)).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .get()
                        .body();
            case "getByName" -> InetAddress.getByName(host).getHostAddress();
            case "getAllByName" -> InetAddress.getAllByName(host)[0].getHostAddress();
            case "socketAddress" -> new InetSocketAddress(host, 443).toString();
            case "newSocket" -> new Socket(host, 443).toString();
            case "socket" -> {
                try (Socket socket = new Socket()) {
                    socket.connect(InetSocketAddress.createUnresolved(host, 443), 1000);
                    yield "connected";
                }
            }
            case "channel" -> {
                try (SocketChannel channel = SocketChannel.open()) {
                    yield String.valueOf(channel.connect(InetSocketAddress.createUnresolved(host, 443)));
                }
            }
            default -> throw new IllegalArgumentException(event.toString());
        };
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String read(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
