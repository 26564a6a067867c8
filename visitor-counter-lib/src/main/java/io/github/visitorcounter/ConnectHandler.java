package io.github.visitorcounter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.visitorcounter.connection.Arrival;
import io.github.visitorcounter.connection.ConnectDecision;
import io.github.visitorcounter.internal.lambda.ConnectProcessor;
import io.github.visitorcounter.internal.lambda.Invocation;
import io.github.visitorcounter.internal.lambda.Responses;
import io.github.visitorcounter.internal.priming.Priming;
import io.github.visitorcounter.internal.priming.SnapStart;
import io.github.visitorcounter.internal.time.TimeSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Counts a connection: the function of the {@code $connect} route.
 *
 * <p>API Gateway holds the handshake until this function has answered: 200 opens the connection, any other status
 * rejects it. Before the answer, the connection and the count are written in one transaction, and the stream of the
 * table of counters starts the broadcast. An event that Lambda delivers twice is counted once.
 *
 * <p>The page may name a counter, its visit and its visitor in the query of the WebSocket URL: see
 * {@link io.github.visitorcounter.connection.ConnectRequest}.
 *
 * <p>The function answers
 *
 * <ul>
 *   <li>200 when the connection is counted;
 *   <li>400 for an event of another route, for a query of more than 2,048 or headers of more than 16,384 characters,
 *       and for a visit or visitor id that is not 1 to 100 letters, digits and {@code . _ : / -};
 *   <li>403 for a page whose origin is not among {@link Setting#ALLOWED_ORIGINS}, and for a counter that is not among
 *       {@link Setting#ALLOWED_COUNTERS};
 *   <li>the status that {@link #admit} returns;
 *   <li>429 for an IP address that opens more than {@link Setting#CONNECTS_PER_IP} connections in ten minutes, for a
 *       new counter beyond {@link Setting#NEW_COUNTERS_PER_MINUTE}, and for a counter whose {@code live} has reached
 *       {@link Setting#MAX_LIVE};
 *   <li>500 if {@link #admit} throws;
 *   <li>503 if DynamoDB does not answer in time. Attempts are repeated during the first half of
 *       {@link Setting#HANDSHAKE_GRACE}; the first one is made in any case.
 * </ul>
 *
 * <p>Nothing is written unless the answer is 200, with two exceptions: an attempt that timed out may have been carried
 * out, and a slow {@link #onConnected} is rejected after the count. A later broadcast finds that such a connection does
 * not exist, and removes it. Each rejection is logged in one line, without personal data, and, with
 * {@link Setting#METRICS_NAMESPACE}, counted in the metric {@code RejectedConnections} by reason.
 *
 * <p>You can use the class as it is or extend it. Threads, exceptions of hooks and SnapStart are described in the
 * {@linkplain io.github.visitorcounter package documentation}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html">the
 *     {@code $connect} and {@code $disconnect} routes</a>
 * @since 0.1.0
 */
public class ConnectHandler implements RequestStreamHandler {

    private final ConnectProcessor processor;
    private final TimeSource timeSource;

    private final ConnectProcessor.Hooks hooks = new ConnectProcessor.Hooks() {
        @Override
        public ConnectDecision admit(Arrival arrival) {
            return ConnectHandler.this.admit(arrival);
        }

        @Override
        public void onConnected(Arrival arrival) {
            ConnectHandler.this.onConnected(arrival);
        }
    };

    /**
     * Creates the handler with the settings of the environment. Lambda calls this constructor.
     *
     * @throws InvalidConfigurationException if a setting is wrong, or {@link Setting#ALLOWED_ORIGINS} is missing
     */
    public ConnectHandler() {
        this(VisitorCounterConfig.fromEnvironment(Setting.ALLOWED_ORIGINS));
    }

    /**
     * Creates the handler with settings from code.
     *
     * @param config the settings
     * @throws InvalidConfigurationException if {@link Setting#ALLOWED_ORIGINS} is not set
     */
    protected ConnectHandler(VisitorCounterConfig config) {
        this(config, Ports.aws(config));
        SnapStart.prepare(processor::buildClients, Priming.connect(config));
    }

    /**
     * Creates the handler for a test.
     *
     * @param config the settings
     * @param ports the test doubles that replace AWS
     * @throws InvalidConfigurationException if {@link Setting#ALLOWED_ORIGINS} is not set
     */
    protected ConnectHandler(VisitorCounterConfig config, Ports ports) {
        this.processor = new ConnectProcessor(config, ports.unwrap());
        this.timeSource = ports.unwrap().timeSource();
    }

    /** Counts the connection and answers the handshake. */
    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Invocation invocation = Invocation.begin(context, timeSource);
        Responses.write(processor.respond(input, hooks, invocation), output);
    }

    /**
     * Decides whether the visitor may connect. Runs once for each event, before anything is written. Sizes, ids, the
     * page's origin and the counter have been checked; the rate limit of the IP address has not. By default everyone
     * may connect.
     *
     * <p>If it throws anything except a {@link VirtualMachineError}, the failure is logged, the visitor is rejected
     * with 500, and nothing is written.
     *
     * @param arrival the request and the connection that will be counted; if Lambda delivers the event twice, the
     *     method runs twice with equal arguments
     * @return the decision
     */
    protected ConnectDecision admit(Arrival arrival) {
        return ConnectDecision.accept();
    }

    /**
     * Runs after the connection was counted and before the handshake is answered: nothing can be sent to the connection
     * yet, and the handshake waits for this method. Runs again if Lambda delivers the event twice. By default it does
     * nothing.
     *
     * <p>If it throws anything except a {@link VirtualMachineError}, the failure is logged, and the visitor is
     * connected anyway.
     *
     * <p>If it returns later than {@link Setting#HANDSHAKE_GRACE} after the request was received, the visitor is
     * rejected with 503, because a broadcast may already have removed the connection as stale. If its row still exists,
     * a broadcast removes it later; the visit stays in {@code total}.
     *
     * @param arrival the request and the connection that was counted
     */
    protected void onConnected(Arrival arrival) {}
}
