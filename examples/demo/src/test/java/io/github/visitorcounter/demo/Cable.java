package io.github.visitorcounter.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy between browser and server. Once cut, connections stay open and transmit nothing, as without network. */
final class Cable implements AutoCloseable {

    private final ServerSocket entrance;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    private Cable(int serverPort) throws IOException {
        this.serverPort = serverPort;
        entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("cable-entrance", this::accept);
    }

    static Cable to(int serverPort) throws IOException {
        return new Cable(serverPort);
    }

    /** The same address through the proxy. */
    URI address(URI direct) {
        return URI.create("ws://127.0.0.1:" + entrance.getLocalPort() + direct.getPath());
    }

    void cut() {
        cut = true;
    }

    /** Accepts new connections; data sent while the proxy was cut is lost. */
    void mend() {
        cut = false;
    }

    private void accept() throws IOException {
        while (!entrance.isClosed()) {
            Socket browser = entrance.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            sockets.add(browser);
            sockets.add(server);
            start("cable-up", () -> carry(browser, server));
            start("cable-down", () -> carry(server, browser));
        }
    }

    private void carry(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[8192];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            if (!cut) {
                out.write(buffer, 0, length);
            }
        }
        to.close();
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        // One side has closed, which ends this direction.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
