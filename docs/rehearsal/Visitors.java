import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Connects visitors to a deployed counter, and checks what each is sent. It needs nothing but a JDK:
 *
 * <pre>java docs/rehearsal/Visitors.java wss://….execute-api.eu-west-1.amazonaws.com/prod --origin https://… --visitors 50</pre>
 *
 * Prints a line for each step. Exits with 1 when one fails, with 2 when the command is wrong.
 */
final class Visitors {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Count(int live, long total, long version) {}

    /** One open page. */
    private static final class Visitor implements WebSocket.Listener {

        private static final Pattern NUMBERS =
                Pattern.compile("\"live\":(?<live>\\d+),\"total\":(?<total>\\d+),\"version\":(?<version>\\d+)");

        private final StringBuilder frame = new StringBuilder();
        private final CompletableFuture<Void> pong = new CompletableFuture<>();
        private WebSocket socket;
        private long handshakeMillis;
        private Count newest;
        private boolean wentBack;
        private boolean closed;

        @Override
        public synchronized CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            frame.append(text);
            if (last) {
                receive(frame.toString());
                frame.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void receive(String message) {
            Matcher numbers = NUMBERS.matcher(message);
            if (message.contains("\"pong\"")) {
                pong.complete(null);
            } else if (numbers.find()) {
                Count count = new Count(
                        Integer.parseInt(numbers.group("live")),
                        Long.parseLong(numbers.group("total")),
                        Long.parseLong(numbers.group("version")));
                // An older message may come later; a page drops it.
                if (newest == null || count.version > newest.version) {
                    wentBack |= newest != null && count.total < newest.total;
                    newest = count;
                }
                notifyAll();
            }
        }

        @Override
        public synchronized CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            closed = true;
            notifyAll();
            return null;
        }

        @Override
        public synchronized void onError(WebSocket from, Throwable error) {
            closed = true;
            notifyAll();
        }

        /** Waits for a count. Returns whether it came. */
        synchronized boolean awaits(Predicate<Count> expected, long deadlineNanos) throws InterruptedException {
            while (newest == null || !expected.test(newest)) {
                long left = deadlineNanos - System.nanoTime();
                if (closed || left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        }

        void leave() {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        }
    }

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI socket;
    private final String origin;

    private Visitors(URI socket, String origin) {
        this.socket = socket;
        this.origin = origin;
    }

    public static void main(String[] args) throws Exception {
        List<String> words = new ArrayList<>(Arrays.asList(args));
        String origin = option(words, "--origin", "");
        int visitors;
        try {
            visitors = Integer.parseInt(option(words, "--visitors", "50"));
        } catch (NumberFormatException notANumber) {
            visitors = 0;
        }
        if (words.size() != 1 || visitors < 2 || visitors > 500 || !words.get(0).matches("wss?://.+")) {
            System.err.println("usage: java Visitors.java wss://… [--origin https://…] [--visitors 2 to 500]");
            System.exit(2);
        }
        boolean passed;
        try {
            passed = new Visitors(URI.create(words.get(0)), origin).run(visitors);
        } catch (ExecutionException rejected) {
            passed = failed("a handshake was rejected: " + reason(rejected.getCause()));
        } catch (TimeoutException late) {
            passed = failed("no answer in " + PATIENCE.toSeconds() + " s");
        }
        System.exit(passed ? 0 : 1);
    }

    private static String reason(Throwable cause) {
        if (cause instanceof CompletionException && cause.getCause() != null) {
            return reason(cause.getCause());
        }
        return cause instanceof WebSocketHandshakeException rejected
                ? "status " + rejected.getResponse().statusCode()
                : cause.toString();
    }

    private static String option(List<String> words, String name, String absent) {
        int at = words.indexOf(name);
        if (at < 0 || at + 1 == words.size()) {
            return absent;
        }
        words.remove(at);
        return words.remove(at);
    }

    private boolean run(int visitors) throws Exception {
        Visitor first = connect();
        if (!first.awaits(count -> true, System.nanoTime() + PATIENCE.toNanos())) {
            return failed("the first visitor was sent no count");
        }
        Count start = first.newest;
        passed("first visitor: handshake " + first.handshakeMillis + " ms, live " + start.live + ", total " + start.total);

        first.socket.sendText("{\"action\":\"ping\"}", true).join();
        long pinged = System.nanoTime();
        first.pong.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        passed("ping answered after " + millisSince(pinged) + " ms");

        List<Visitor> all = new ArrayList<>(List.of(first));
        List<CompletableFuture<Visitor>> connecting = new ArrayList<>();
        for (int i = 1; i < visitors; i++) {
            connecting.add(connectAsync());
        }
        for (CompletableFuture<Visitor> visitor : connecting) {
            all.add(visitor.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
        long[] handshakes = all.stream().mapToLong(visitor -> visitor.handshakeMillis).sorted().toArray();
        passed(visitors + " visitors connected: handshakes median " + handshakes[visitors / 2] + " ms, slowest "
                + handshakes[visitors - 1] + " ms");

        int live = start.live + visitors - 1;
        long total = start.total + visitors - 1;
        long connected = System.nanoTime();
        if (!allShow(all, count -> count.live == live && count.total == total)) {
            return failed("not all pages show live " + live + " and total " + total + ": " + shown(all)
                    + ". (Is somebody else connected to this counter?)");
        }
        passed("all show live " + live + ", total " + total + ", " + millisSince(connected) + " ms after the last handshake");

        List<Visitor> leaving = all.subList(visitors / 2, visitors);
        List<Visitor> staying = all.subList(0, visitors / 2);
        leaving.forEach(Visitor::leave);
        long left = System.nanoTime();
        int remaining = live - leaving.size();
        if (!allShow(staying, count -> count.live == remaining && count.total == total)) {
            return failed("not all pages show live " + remaining + " after " + leaving.size() + " left: " + shown(staying));
        }
        passed(leaving.size() + " left, all others show live " + remaining + " after " + millisSince(left) + " ms");

        if (all.stream().anyMatch(visitor -> visitor.wentBack)) {
            return failed("a page was sent a smaller total with a newer version");
        }
        passed("no page went back");
        staying.forEach(Visitor::leave);
        passed("all left; total " + total);
        return true;
    }

    private Visitor connect() throws Exception {
        return connectAsync().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<Visitor> connectAsync() {
        Visitor visitor = new Visitor();
        WebSocket.Builder handshake = client.newWebSocketBuilder().connectTimeout(PATIENCE);
        if (!origin.isEmpty()) {
            handshake.header("Origin", origin);
        }
        String query = (socket.getRawQuery() == null ? "?" : "&") + "visit=" + UUID.randomUUID();
        long begun = System.nanoTime();
        return handshake.buildAsync(URI.create(socket + query), visitor).thenApply(open -> {
            visitor.socket = open;
            visitor.handshakeMillis = millisSince(begun);
            return visitor;
        });
    }

    private static boolean allShow(List<Visitor> visitors, Predicate<Count> expected) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Visitor visitor : visitors) {
            if (!visitor.awaits(expected, deadline)) {
                return false;
            }
        }
        return true;
    }

    private static List<Count> shown(List<Visitor> visitors) {
        return visitors.stream()
                .map(visitor -> visitor.newest)
                .distinct()
                .sorted(Comparator.nullsFirst(Comparator.comparing(Count::version)))
                .toList();
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static void passed(String what) {
        System.out.println("ok    " + what);
    }

    private static boolean failed(String what) {
        System.out.println("FAIL  " + what);
        return false;
    }
}
